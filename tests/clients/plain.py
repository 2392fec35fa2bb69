"""Calls a Mojaz server with gRPC alone, no client of ours: python client.py HOST:PORT. Prints what came back as one line of JSON.

Runs wherever the generated code of the contract does (proto/src on PYTHONPATH): any Python from 3.9, the oldest gRPC allowed.
"""

import json
import sys

import grpc
from mojaz.v1 import digest_pb2, digest_pb2_grpc, info_pb2, info_pb2_grpc
from mojaz.v1.article_pb2 import Article

BODY = "قال وزير الخارجية إن المحادثات ستستأنف يوم الاثنين. وأضاف أن الوفد غادر العاصمة."


def main(address: str) -> None:
    with grpc.insecure_channel(address) as channel:
        digests = digest_pb2_grpc.DigestServiceStub(channel)
        info = info_pb2_grpc.InfoServiceStub(channel).GetServerInfo(info_pb2.GetServerInfoRequest())
        digest = digests.DigestArticle(digest_pb2.DigestArticleRequest(article=Article(body=BODY))).digest
        parts = [
            answer.WhichOneof("part")
            for answer in digests.StreamDigest(digest_pb2.StreamDigestRequest(article=Article(body=BODY)))
        ]
        requests = (
            digest_pb2.DigestArticlesRequest(request_id=name, article=Article(body=BODY * (name != "b"))) for name in "abc"
        )
        outcomes = sorted((answer.request_id, answer.WhichOneof("outcome")) for answer in digests.DigestArticles(requests))
        try:
            digests.DigestArticle(digest_pb2.DigestArticleRequest())
        except grpc.RpcError as refused:
            error = [refused.code().value[0], refused.details()]
    lines = [line.pair.source for line in digest.lines]
    versions = [sys.version.split()[0], grpc.__version__]
    seen = {
        "model": info.models[0].id,
        "lines": lines,
        "parts": parts,
        "outcomes": outcomes,
        "error": error,
        "versions": versions,
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(sys.argv[1])
