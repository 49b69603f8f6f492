// Authors whose person was removed. Their rows stay, because comments and decisions refer to them, and tell nothing of the person.

/** The beginning of `author.guest_key` of a removed author. */
export const REMOVED_KEY = 'removed:';

/** Condition of SQL: the author with this alias was removed. */
export function isRemoved(alias: string): string {
  return `starts_with(coalesce(${alias}.guest_key, ''), '${REMOVED_KEY}')`;
}

/** SQL of the name under which an import remembers the login of a removed author, so that a file does not bring the person back. */
export function removedLogin(login: string): string {
  return `('${REMOVED_KEY}' || encode(sha256(convert_to(${login}, 'UTF8')), 'hex'))`;
}
