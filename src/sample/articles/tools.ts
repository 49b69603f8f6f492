import type { SampleArticle } from '../sample-types.ts';

export const tools: SampleArticle = {
  slug: 'a-library-of-borrowed-tools',
  title: 'A Library of Borrowed Tools',
  author: 'ines-calloway',
  topics: ['craft', 'cities'],
  daysAgo: 96.7,
  commentPolicy: 'CLOSED',
  cover: {
    picture: 'tools.svg',
    alt: 'A pegboard with a hammer, a saw, a spanner and a screwdriver; two painted outlines hang empty.',
    caption: 'The outlines are the catalogue. An empty one means that a neighbour is happy.',
  },
  markdown: `There is a number that goes around among people like me: a power drill is used for thirteen minutes in its whole life. I have never found out who measured it, and I do not believe it. But I have asked thirty neighbours when they last used theirs, and twenty-six of them looked at the ceiling.

So four years ago we put eleven drills in a cupboard behind the laundry, and took the other nineteen to the charity shop. That was the beginning of the library.

## How it works

You join with a tool. Any tool, so long as it works: one member brought a pasta machine, and it is out most weekends. After that you may borrow anything for a week. The rules hang on the door, and they fit on one sheet:

1. Bring it back clean.
2. Bring it back *honest*. If it broke, say so. Nobody pays for a thing that broke while it was being used properly.
3. If you do not know how it works, ask before and not after.
4. The chainsaw comes with Pavel.

We expected to need a system. We have a pegboard. Each tool has its outline painted behind it, and when you take one you hang your name in its place. The whole catalogue can be read from across the room, in the dark, by someone with a broken shelf on their mind.

## What we learned

| Tool | Loans last year | Repairs |
|---|---:|---:|
| Drill | 214 | 3 |
| Carpet cleaner | 97 | 6 |
| Long ladder | 88 | 0 |
| Pasta machine | 61 | 1 |
| Tile cutter | 19 | 2 |
| Fondue set | 2 | 0 |

**Ladders matter more than drills.** Everyone owns a drill. Nobody in a flat owns a ladder, and everyone has a lamp.

**Almost nothing is stolen.** In four years we have lost a spirit level and a cat carrier. The spirit level came back after a year, with a bottle of wine and no note.

**People borrow the person.** Half of those who come for a tool stay for ten minutes of being shown. This was never the plan. It has turned out to be the point.

> What the cupboard really lends is the feeling that you are allowed to try.

## If you want to start one

Begin with what annoys people: ladders, carpet cleaners, anything that needs to be stored standing up. Find a room that is already unlocked for another reason; ours is the laundry, and nobody has ever needed a key. Write down who has what, on something that does not need a battery. Insure the chainsaw. Insure Pavel.

And paint the outlines. I cannot say this strongly enough. A shelf that is empty is only a shelf. But an empty outline of a saw, with *Mrs Abara, until Thursday* hanging in it, is a small map of who is building what on your street.`,
};
