import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GraphQLError, parse } from 'graphql';
import { type Config, ConfigError } from '../../config.ts';

/** `format` in the manifests of Apollo's tools. */
const APOLLO_FORMAT = 'apollo-persisted-query-manifest';
const HASH_PREFIX = /^sha256:/;

/** Documents that the operator has listed in a manifest. */
export interface TrustedDocuments {
  /** The texts by their ids in the manifest, in its order. */
  byId: ReadonlyMap<string, string>;
  /** No other documents are executed. */
  only: boolean;
  find(name: string): string | undefined;
}

type TrustedConfig = Pick<Config, 'trustedDocuments' | 'trustedDocumentsOnly'>;

/**
 * Reads the manifest that the configuration names.
 * @throws ConfigError for one that cannot be read or used
 */
export async function readTrustedDocuments(config: TrustedConfig): Promise<TrustedDocuments> {
  const { trustedDocuments: path, trustedDocumentsOnly: only } = config;
  return createTrustedDocuments(path === null ? new Map() : await readManifest(path), only);
}

export function createTrustedDocuments(byId: ReadonlyMap<string, string>, only: boolean): TrustedDocuments {
  // Clients that compute hashes send this one, also when the manifest has been written with another algorithm.
  const byHash = new Map([...byId.values()].map((text) => [sha256(text), text]));
  return {
    byId,
    only,
    find(name) {
      const bare = withoutPrefix(name);
      return byId.get(name) ?? byId.get(bare) ?? byHash.get(bare);
    },
  };
}

/** GraphQL over HTTP writes the algorithm before the hash of a `documentId`. */
export function withoutPrefix(name: string): string {
  return name.replace(HASH_PREFIX, '');
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readManifest(path: string): Promise<ReadonlyMap<string, string>> {
  try {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new ConfigError(`the file cannot be read (${error.code})`);
    });
    return parseManifest(text);
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(`TRUSTED_DOCUMENTS: ${error.message}`);
    throw error;
  }
}

/**
 * Reads a manifest: `{ "id": "document" }` as graphql-codegen and Relay write it, or Apollo's format. Messages show no
 * text of the file but ids, because the path may be that of another file.
 * @throws ConfigError naming the first mistake
 */
function parseManifest(text: string): ReadonlyMap<string, string> {
  let manifest: unknown;
  try {
    // Some tools begin a file with a byte order mark.
    manifest = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    throw new ConfigError('the file is not JSON');
  }
  if (!isObject(manifest))
    throw new ConfigError('the file must have an object: { "hash": "document" }, or a manifest of Apollo');
  const isApollo = 'format' in manifest || Array.isArray(manifest.operations);
  const documents = new Map<string, string>();
  for (const [id, document] of isApollo ? apolloEntries(manifest) : Object.entries(manifest)) {
    const known = documents.get(id);
    if (known !== undefined && known !== document) throw new ConfigError(`the id "${id}" has two different documents`);
    documents.set(id, checkedDocument(id, document));
  }
  if (documents.size === 0) throw new ConfigError('the manifest has no documents');
  return documents;
}

function apolloEntries({ format, version, operations }: Record<string, unknown>): [string, unknown][] {
  if (format !== APOLLO_FORMAT) throw new ConfigError(`\`format\` must be "${APOLLO_FORMAT}"`);
  if (version !== 1) throw new ConfigError('`version` of the manifest must be 1');
  if (!Array.isArray(operations)) throw new ConfigError('`operations` of the manifest must be a list');
  return operations.map((operation: unknown, index) => {
    const { id, body } = isObject(operation) ? operation : {};
    if (typeof id !== 'string') throw new ConfigError(`the operation at index ${index} has no \`id\``);
    return [id, body];
  });
}

function checkedDocument(id: string, document: unknown): string {
  if (id === '') throw new ConfigError('a document has an empty id');
  if (typeof document !== 'string') throw new ConfigError(`the document "${id}" is not a text`);
  try {
    parse(document, { noLocation: true });
  } catch (error) {
    const [location] = (error instanceof GraphQLError && error.locations) || [];
    const place = location ? ` (line ${location.line}, column ${location.column})` : '';
    throw new ConfigError(`the document "${id}" is not GraphQL${place}`);
  }
  return document;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
