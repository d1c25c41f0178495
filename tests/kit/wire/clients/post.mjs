// Posts with Node's fetch. A line of the standard input: URL, kind of body, file, then headers; by tabs.
import { readFileSync } from "node:fs";

for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const [url, kind, file, ...headers] = line.split("\t");
  const bytes = readFileSync(file);
  const body = kind === "stream" ? new Blob([bytes]).stream() : bytes;
  try {
    const pairs = headers.map((header) => header.split(": "));
    const answer = await fetch(url, { method: "POST", body, duplex: "half", headers: pairs });
    console.log(`${answer.status}\t${(await answer.text()).replaceAll("\n", " ")}`);
  } catch (error) {
    console.log(`none\t${error.cause ?? error}`.replaceAll("\n", " "));
  }
}
