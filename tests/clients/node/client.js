// Calls a Mojaz server from Node with nothing but the contract: node client.js HOST:PORT PROTO_FOLDER
// Prints what came back as one line of JSON.

const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const BODY = "قال وزير الخارجية إن المحادثات ستستأنف يوم الاثنين. وأضاف أن الوفد غادر العاصمة.";

async function main(address, folder) {
  const files = ["digest", "translation", "glossary", "info"].map((name) => `mojaz/v1/${name}.proto`);
  const definition = loader.loadSync(files, { includeDirs: [folder], longs: String, enums: String, oneofs: true });
  const { mojaz } = grpc.loadPackageDefinition(definition);
  const credentials = grpc.credentials.createInsecure();
  const digests = new mojaz.v1.DigestService(address, credentials);
  const glossaries = new mojaz.v1.GlossaryService(address, credentials);
  const infos = new mojaz.v1.InfoService(address, credentials);
  const seen = {};
  seen.model = (await call(infos, "GetServerInfo", {})).models[0].id;
  seen.digest = (await call(digests, "DigestArticle", { article: { body: BODY } })).digest;
  seen.parts = (await collect(digests.StreamDigest({ article: { body: BODY } }))).map((answer) => answer.part);
  const many = digests.DigestArticles();
  for (const requestId of ["a", "b", "c"]) many.write({ requestId, article: { body: requestId === "b" ? "" : BODY } });
  many.end();
  seen.outcomes = (await collect(many)).map(({ requestId, outcome }) => [requestId, outcome]).sort();
  const entries = [{ source: "العاصمة", target: "Capital" }];
  seen.stored = (await send(glossaries, "CreateGlossary", [{ name: "node", entries }])).glossary.entryCount;
  seen.error = await call(digests, "DigestArticle", { article: { body: "" } }).catch(({ code, details }) => [code, details]);
  console.log(JSON.stringify(seen));
}

const call = (client, method, request) =>
  new Promise((resolve, reject) => client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))));

const send = (client, method, requests) =>
  new Promise((resolve, reject) => {
    const stream = client[method]((error, answer) => (error ? reject(error) : resolve(answer)));
    requests.forEach((request) => stream.write(request));
    stream.end();
  });

async function collect(stream) {
  const answers = [];
  for await (const answer of stream) answers.push(answer);
  return answers;
}

main(...process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exit(1);
});
