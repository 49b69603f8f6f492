import type { SampleArticle } from '../sample-types.ts';

export const doorbell: SampleArticle = {
  slug: 'notes-toward-a-history-of-the-doorbell',
  title: 'Notes Toward a History of the Doorbell',
  excerpt: 'Before there was a bell there was a stick, and before the stick there was a dog.',
  author: 'ines-calloway',
  topics: ['ideas'],
  status: 'DRAFT',
  markdown: `*Draft. Maren: the middle is missing, I know. The middle is always missing.*

Before there was a bell there was a stick, and before the stick there was a dog.

## To look up

- When did knockers become respectable? Ask at the ironmonger's.
- The crank bells with a wire through the wall: who maintained the wire?
- That two-note chime. Somebody chose those two notes.
- Why do we ring once for strangers and twice for friends? Do we, or is that just my street?

## A paragraph that I want to keep

A doorbell is the only musical instrument that is always played by someone else. You own it, you polish it, you pay for the battery; and you have probably never heard it from the side it is meant for.

## Ending?

Something about standing on the step, the moment after, when you can hear that they have heard.`,
};
