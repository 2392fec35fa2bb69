"""Pairs made of pairs: what references hold too little of for a small model to learn to copy what it has never seen."""
