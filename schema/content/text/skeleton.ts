// Skeletons of texts: equal for texts that look alike (UTS #39, 4, over compatibility forms and without case). Pure.
import { CONFUSABLES } from './confusables.ts';

/** What a character looks like. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map<string, string>(
  CONFUSABLES.trim()
    .split(' ')
    .flatMap((group) => {
      const [lookAlike, characters] = group.split(':') as [string, string];
      return characters.split(',').map((code) => [textOf(code), textOf(lookAlike)] as const);
    }),
);

/** Small capitals, and letters in black circles and squares: a style that neither NFKD nor the table knows. */
const STYLED: ReadonlyMap<string, string> = new Map([
  ...Array.from('ᴀʙᴅᴇꜰɢʜᴊᴋĸʟᴍʍɴᴘʀꜱᴛᴜʏ', (letter, at) => [letter, 'abdefghjkklmmnprstuy'[at]!] as const),
  ...[0x1f150, 0x1f170].flatMap((first) =>
    Array.from('abcdefghijklmnopqrstuvwxyz', (letter, at) => [String.fromCodePoint(first + at), letter] as const),
  ),
]);

function lookAlikeOf(character: string): string {
  const lookAlike = LOOK_ALIKES.get(character) ?? character;
  return STYLED.get(character) ?? STYLED.get(lookAlike) ?? lookAlike;
}

function textOf(codePoints: string): string {
  return String.fromCodePoint(...codePoints.split('+').map((code) => Number.parseInt(code, 16)));
}

// Marks such as accents, which any letter takes, and all marks of letters that have no others; not vowel signs, which belong to a
// script, nor the voicing of kana.
const UNSEEN_AND_MARKS =
  /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+|(?![\u3099\u309A])[\p{Default_Ignorable_Code_Point}\p{Script=Inherited}]/gu;

/** Equal for texts that a reader may take for each other. It is for comparison alone, and shows nothing. */
export function skeletonOf(text: string): string {
  // The same as below, 20 times as fast: most texts have no other characters.
  if (/^[\w ]*$/.test(text)) return text.toLowerCase().replace(/[01im]/g, (character) => SIMPLE[character]!);
  // Capitals first: a capital Greek nu looks like N, a small one like v. After that, small letters look like others again.
  return replaceLookAlikes(replaceLookAlikes(text).toLowerCase()).replaceAll('i', 'l');
}

const SIMPLE: Readonly<Record<string, string>> = { 0: 'o', 1: 'l', i: 'l', m: 'rn' };

function replaceLookAlikes(text: string): string {
  const characters = text.normalize('NFKD').replace(UNSEEN_AND_MARKS, '');
  return Array.from(characters, lookAlikeOf).join('').normalize('NFKD').replace(UNSEEN_AND_MARKS, '');
}

/** The text with each symbol that looks like a letter or a digit, such as `|`, replaced by that. */
export function replaceSymbols(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{M}\s]/gu, (symbol) => {
    const lookAlike = lookAlikeOf(symbol);
    return /^[\p{L}\p{N}]+$/u.test(lookAlike) ? lookAlike : symbol;
  });
}
