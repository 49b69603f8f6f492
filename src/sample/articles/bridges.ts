import type { SampleArticle } from '../sample-types.ts';

export const bridges: SampleArticle = {
  slug: 'why-bridges-hum',
  title: 'Why Bridges Hum',
  author: 'tobias-adeyemi',
  topics: ['technology', 'cities'],
  daysAgo: 21.3,
  cover: {
    picture: 'bridges.svg',
    alt: 'A suspension bridge at sunset, its cables drawn as strings that vibrate.',
    caption: 'Every long, thin, stretched thing is an instrument. The question is who is playing.',
  },
  markdown: `Stand on a footbridge in a steady wind, put your palm flat on the handrail, and wait. Sooner or later it will tell you its note.

Engineers spend a good part of their lives making sure that you never hear it. But a bridge is a long thing under tension, and long things under tension have opinions about frequency. There are three ways to start the conversation.

## The wind plays the railing

Air that flows past a bar does not close neatly behind it. It peels off in swirls, left, right, left, right, and each swirl tugs at the bar. How often depends on the speed of the wind *U*, the thickness of the bar *d*, and a number that is close to 0.2 for almost anything round:

~~~text
f = 0.2 × U / d

U = 10 m/s, d = 5 mm   →  400 Hz   (about the G above middle C)
U = 10 m/s, d = 100 mm →   20 Hz   (felt rather than heard)
~~~

Thin slats sing, fat cables growl. When the Golden Gate Bridge was given slimmer railings in 2020, to let storms pass through more easily, people miles away asked what the noise was. It was the new railings, in tune.

## The feet play the deck

On 10 June 2000 the Millennium Bridge opened in London. So many people came that it began to sway from side to side; and people on a swaying floor spread their feet and fall into step with it, which makes it sway more. Two days later it was shut. It took 37 dampers that work like the ones on a door, and 52 weights on springs, before it opened again in 2002. It has been still ever since.

The lesson is older than that. In 1831 soldiers who marched across the Broughton bridge near Manchester felt it bounce, enjoyed it, and marched harder. A bolt gave way. Ever since, armies break step on bridges, and the Albert Bridge in London still carries a sign that tells them to.

## The wind plays the whole thing

The film of the Tacoma Narrows Bridge in 1940 is shown in every physics class, usually with the wrong caption. It was not a wine glass and a soprano. No regular gust happened to match its note; the deck, once it twisted, caught the wind so that the wind twisted it further. Engineers call that *flutter*. A flag does it. So does a blind at an open window.

| | Who pushes | How it stops |
|---|---|---|
| Singing | swirls behind a bar | when the wind changes |
| Swaying | people in step | when they stop walking |
| Flutter | the movement itself | when something breaks |

## What to listen for

- A clean, flute-like tone in wind is a railing. Charming, harmless, annoying to neighbours.
- A slow sideways drift in a crowd is you. Stop walking, and it will stop too.
- A deck that twists is a reason to be somewhere else.

> Stillness in a bridge is not the absence of forces. It is an agreement between them.

So: palm on the rail, next windy day. If it hums, hum back, and see whether you can find the octave.`,
};
