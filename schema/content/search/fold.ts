// The same as the functions `search_clean` and `search_fold` in the database, for showing which words matched. The index
// and the queries are computed in the database alone.

// biome-ignore-start lint/suspicious/noMisleadingCharacterClass: each character is meant alone.
/** Characters of writing without spaces between words: Chinese, Japanese, Korean, Thai, Lao, Burmese and Khmer. */
export const SPACELESS =
  '\\u0E01-\\u0E3A\\u0E40-\\u0E4E\\u0E81-\\u0EDF\\u1000-\\u1049\\u1050-\\u109F\\u1100-\\u11FF\\u1780-\\u17D3\\u17DC\\u17DD\\u2E80-\\u2FDF\\u3005-\\u3007\\u3031-\\u3035\\u303B\\u303C\\u3041-\\u309A\\u309D-\\u30FA\\u30FC-\\u318E\\u31A0-\\u31BF\\u31F0-\\u31FF\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uA960-\\uA97C\\uAC00-\\uD7FB\\uF900-\\uFAFF\\uFF66-\\uFF9F\\u{20000}-\\u{323AF}';

const INVISIBLE = /[\u00AD\u034F\u061C\u0640\u180E\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]/gu;

const ACCENTS =
  /[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]/gu;

// biome-ignore-end lint/suspicious/noMisleadingCharacterClass: each character is meant alone.

/** Texts that only have upper and lower case. */
const ASCII = /^[ -~]*$/;

/** Letters that no decomposition of Unicode folds. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ı: 'i', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', ς: 'σ' },
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
};

/** A text without regard to case, accents and width. */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  const lower = text.replace(INVISIBLE, '').normalize('NFKC').toLowerCase();
  return lower
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .replace(/[ıøłđðħŧςßæœþ]/gu, (letter) => LETTERS[letter]!);
}
