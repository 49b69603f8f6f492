import type { SampleArticle } from '../sample-types.ts';

export const tides: SampleArticle = {
  slug: 'how-to-read-a-tide-table',
  title: 'How to Read a Tide Table',
  author: 'tobias-adeyemi',
  topics: ['nature'],
  daysAgo: 62.2,
  commentPolicy: 'MODERATED',
  cover: {
    picture: 'tides.svg',
    alt: 'Layers of blue waves under a large pale moon, with a striped tide gauge standing in the water.',
    caption: 'The post is marked in tens of centimetres. The sea has not been told.',
  },
  markdown: `Every summer somebody is lifted off the same sandbank by the same lifeboat, and every summer they say the same thing: *it came in so fast*. It did not. It came in exactly as fast as it said that it would, in a small blue booklet that costs less than an ice cream.

Here is how to read it.

## Four numbers a day

On most Atlantic coasts there are two high waters and two low waters a day. They come about fifty minutes later each day, because the moon, which does most of the pulling, has moved on a little by the time that we have turned round once.

| | Time | Height |
|---|---:|---:|
| Low | 01:12 | 0.9 m |
| High | 07:24 | 5.7 m |
| Low | 13:37 | 1.1 m |
| High | 19:50 | 5.5 m |

Three traps are hidden in this harmless table.

- **Which clock?** Many tables are printed in winter time all year. In summer you must add the hour yourself.
- **Height above what?** Above *chart datum*, a level that the tide seldom falls below. It is not the depth where you stand.
- **Which harbour?** Ten miles along the coast it may be twenty minutes different.

## The rule of twelfths

The table tells you when the water is highest and lowest. It does not say how it behaves in between, and that is what strands people. Divide the range into twelve parts. In the six hours from low to high the sea rises by

![A smooth curve from low to high water, divided into six hours; the third and fourth hours are the steepest.](/covers/tide-curve.svg "The rule of twelfths")

**one, two, three, three, two, one** of them.

In the first hour you get a twelfth, and think that you have plenty of time. In the third and the fourth you get half of everything. With a range of 4.8 metres that is 1.2 metres an hour: up to your knees while you eat a sandwich.

## Springs and neaps

When sun and moon pull in line, at new and at full moon, highs are higher and lows are lower. These are *spring tides*, and have nothing to do with the season. A week later the two pull across each other, and the range is small: *neaps*. On a flat shore, a spring tide may uncover a mile of sand that you have never seen before. That mile is the one to be careful of.

## Before you walk out

1. Look up **low water**, and set out two hours before it.
2. **Turn round at low water**, wherever you are. Not when you feel like it.
3. Tell someone on land when you will be back.
4. Look behind you. The sea usually comes in by the channels first, and the channels are between you and the shore.

> The tide is the only train that has never once been late. It is also the only one that does not care whether you are standing on the line.

*This is an introduction and no substitute for local advice. If you are in doubt, ask the harbour master, who has been hoping that somebody would.*`,
};
