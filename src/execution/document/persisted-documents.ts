import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../../logger.ts';
import type { DocumentCache } from './document-cache.ts';
import type { DocumentRequest } from './document-request.ts';
import { MAX_LENGTH } from './text-limits.ts';
import { sha256, type TrustedDocuments, withoutPrefix } from './trusted-documents.ts';

/** Most memory of the documents that clients have registered, in bytes. */
const MAX_BYTES = 16_000_000;
/** Memory of an entry besides the characters of its text. */
const BYTES_PER_ENTRY = 500;
/** Refused documents of a manifest that the log names. */
const MAX_NAMED = 10;

interface FoundDocument {
  text: string;
  /** Keeps the text under its hash. To be called once it is known to be valid; null for one that is not to be kept. */
  register: (() => void) | null;
}

/**
 * Finds the texts of documents that requests name: those of the operator's manifest, and those that clients have
 * registered under their hashes (Apollo's automatic persisted queries).
 */
export class PersistedDocuments {
  readonly #trusted: TrustedDocuments;
  readonly #registered = new LRUCache<string, string>({
    maxSize: MAX_BYTES,
    sizeCalculation: (text) => 2 * text.length + BYTES_PER_ENTRY,
  });

  constructor(trusted: TrustedDocuments) {
    this.#trusted = trusted;
  }

  /** @throws GraphQLError when the document is not known, is not the one of its name, or is not allowed */
  find({ text, hash, id }: DocumentRequest): FoundDocument {
    const names = [hash, id].filter((name) => name !== null);
    const trusted = firstOf(names, (name) => this.#trusted.find(name));
    if (trusted !== undefined && (text === null || text === trusted)) return { text: trusted, register: null };
    if (this.#trusted.only)
      throw names.length === 0 ? nameRequired() : trusted === undefined ? notListed() : mismatch();
    if (text === null) {
      const registered = firstOf(names, (name) => this.#registered.get(withoutPrefix(name)));
      if (registered === undefined) throw notFound();
      return { text: registered, register: null };
    }
    // A text that is too long is refused as such, without hashing it.
    if (hash === null || text.length > MAX_LENGTH) return { text, register: null };
    if (sha256(text) !== hash) throw mismatch();
    return { text, register: () => void this.#registered.set(hash, text) };
  }
}

function firstOf(names: readonly string[], find: (name: string) => string | undefined): string | undefined {
  for (const name of names) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Logs which documents of a manifest the gateway will refuse, such as those of a client for another schema. */
export function logRefusedDocuments({ byId }: TrustedDocuments, documents: DocumentCache, log: Logger): void {
  const refused: string[] = [];
  for (const [id, text] of byId) {
    const reason = refusalOf(text, documents);
    if (reason !== undefined) refused.push(`${id}: ${reason}`);
  }
  if (refused.length > 0)
    log.error('Documents of TRUSTED_DOCUMENTS will be refused: they are not valid in this schema, or too large', {
      count: refused.length,
      documents: refused.slice(0, MAX_NAMED),
    });
}

function refusalOf(text: string, documents: DocumentCache): string | undefined {
  try {
    return documents.parse(text).errors[0]?.message;
  } catch (error) {
    return (error as Error).message;
  }
}

/**
 * The message, the code, the status and the header are those of Apollo Server: by them clients know that they have to
 * send the text as well, and caches that the answer does not last.
 */
function notFound(): GraphQLError {
  return new GraphQLError('PersistedQueryNotFound', {
    extensions: {
      code: 'PERSISTED_QUERY_NOT_FOUND',
      http: { status: 200, headers: { 'cache-control': 'private, no-cache, must-revalidate' } },
    },
  });
}

function mismatch(): GraphQLError {
  return new GraphQLError('provided sha does not match query', {
    extensions: { code: 'PERSISTED_QUERY_HASH_MISMATCH' },
  });
}

function notListed(): GraphQLError {
  return new GraphQLError('The document is not one of the trusted documents of this gateway.', {
    extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' },
  });
}

function nameRequired(): GraphQLError {
  return new GraphQLError(
    'This gateway executes trusted documents only: send the id of one as `documentId`, or as `extensions.persistedQuery.sha256Hash`.',
    { extensions: { code: 'PERSISTED_QUERY_ID_REQUIRED' } },
  );
}
