import { storedAddress } from '../picture/picture-address.ts';
import type { Settings } from '../settings.ts';
import { checkImageUrl, checkPageUrl } from '../text/address-input.ts';
import { checkText } from '../text/input-text.ts';

/** Characters as readers count them (graphemes). */
export const MAX_BIO = 2_000;

/** Changes to a profile: an absent field stays as it is, null or an empty text takes it away. */
export interface ProfileInput {
  bio?: string | null | undefined;
  url?: string | null | undefined;
  avatarUrl?: string | null | undefined;
}

/** Fields that have passed their rules: undefined for an absent one, null for one that is taken away. */
export type CheckedProfile = { [Field in keyof Required<ProfileInput>]: string | null | undefined };

/** @throws InvalidInputError with the path of the first field that breaks its rule */
export function checkProfile(
  { bio, url, avatarUrl }: ProfileInput,
  { mediaUrl }: Pick<Settings, 'mediaUrl'>,
): CheckedProfile {
  return {
    bio: given(bio, (text) => checkText(text, ['input', 'bio'], MAX_BIO)),
    url: given(url, (text) => checkPageUrl(text, ['input', 'url'])),
    avatarUrl: given(avatarUrl, (text) => storedAddress(checkImageUrl(text, ['input', 'avatarUrl']), mediaUrl)),
  };
}

/** Forms send an empty text for a field that somebody has cleared. */
function given(value: string | null | undefined, check: (text: string) => string): string | null | undefined {
  if (value == null) return value;
  return value.trim() === '' ? null : check(value);
}
