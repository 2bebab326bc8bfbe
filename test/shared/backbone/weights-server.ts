import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";

/** How a server of one file behaves. */
interface Behaviour {
  /** answers with this status and no file */
  status?: number;
  /** bytes of an answer after which the connection is cut */
  cutAfter?: number;
  etag?: string | null;
  /** false: the whole file whatever was asked */
  ranges?: boolean;
  /** called when the headers of an answer are out */
  onAnswer?: () => void;
}

export interface WeightsServer {
  readonly address: string;
  readonly behaviour: Behaviour;
  /** headers `range` and `if-range` of each request, and its path */
  readonly requests: { path: string; range: string | undefined; ifRange: string | undefined }[];
}

/** A server on this machine that has one file, as the hub would send it: with an ETag, and parts of it on request. */
export async function weightsServer(bytes: () => Uint8Array): Promise<WeightsServer> {
  const behaviour: Behaviour = {};
  const requests: WeightsServer["requests"] = [];
  const server = createServer((request, response) => {
    const { range, "if-range": ifRange } = request.headers;
    requests.push({ path: request.url ?? "", range, ifRange: ifRange as string | undefined });
    answer(request, response, bytes(), behaviour);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, behaviour, requests };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  { status, cutAfter, etag = '"one"', ranges = true, onAnswer }: Behaviour,
): void {
  if (status !== undefined) {
    response.writeHead(status).end("no such file");
    return;
  }
  const { range, "if-range": expected } = request.headers;
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  const partial = ranges && from > 0 && expected === etag;
  const sent = partial ? bytes.subarray(from) : bytes;
  response.writeHead(partial ? 206 : 200, {
    "content-length": sent.length,
    ...(etag === null ? {} : { etag }),
    ...(partial ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  response.flushHeaders();
  onAnswer?.();
  if (cutAfter === undefined || sent.length <= cutAfter) response.end(sent);
  else
    response.write(sent.subarray(0, cutAfter), () => {
      // Time for the client to take what was written: what it has not taken is lost to it when the connection ends.
      setTimeout(() => request.socket.end(), 50);
    });
}
