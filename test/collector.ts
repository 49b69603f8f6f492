import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { until } from './gateway.ts';

/** A span as OTLP has it in JSON. */
interface OtlpSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

export interface ReceivedSpan extends Omit<OtlpSpan, 'attributes'> {
  attributes: Record<string, unknown>;
}

/** A collector that receives traces by OTLP over HTTP. */
export interface Collector {
  url: string;
  /** Of each request. */
  paths: string[];
  headers: IncomingHttpHeaders[];
  spans: ReceivedSpan[];
  /** Attributes of the program that has sent them. */
  resource: Record<string, unknown>;
  /** Resolves to the first span that a test looks for. */
  arrived(what: string, isWanted: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan>;
  childrenOf(span: ReceivedSpan): ReceivedSpan[];
  close(): Promise<void>;
}

interface Exported {
  resourceSpans: { resource: Pick<OtlpSpan, 'attributes'>; scopeSpans: { spans: OtlpSpan[] }[] }[];
}

export async function startCollector(): Promise<Collector> {
  const spans: ReceivedSpan[] = [];
  const paths: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const resource: Record<string, unknown> = {};
  const server = createServer(async (request, response) => {
    paths.push(request.url!);
    headers.push(request.headers);
    for (const { resource: sender, scopeSpans } of ((await json(request)) as Exported).resourceSpans) {
      Object.assign(resource, valuesOf(sender.attributes));
      for (const span of scopeSpans.flatMap((scope) => scope.spans))
        spans.push({ ...span, attributes: valuesOf(span.attributes) });
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    headers,
    spans,
    resource,
    async arrived(what, isWanted) {
      await until(`the collector has ${what}`, () => spans.some(isWanted), { limit: 20_000 });
      return spans.find(isWanted)!;
    },
    childrenOf: ({ spanId }) => spans.filter(({ parentSpanId }) => parentSpanId === spanId),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function valuesOf(attributes: OtlpSpan['attributes']): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
