"""Files that newsrooms have: glossaries as tables (TSV, CSV), TMX and TBX, translation memories (TMX)."""
