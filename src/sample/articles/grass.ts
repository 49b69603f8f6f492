import type { SampleArticle } from '../sample-types.ts';

export const grass: SampleArticle = {
  slug: 'let-the-grass-grow-late',
  title: 'Let the Grass Grow Late',
  author: 'maren-holst',
  topics: ['cities', 'nature'],
  daysAgo: 5.2,
  cover: {
    picture: 'grass.svg',
    alt: 'A tall meadow with poppies, daisies and cornflowers under a pale sky; far behind it, a row of houses.',
    caption: 'The strip by the tram stop in its third summer, drawn from memory and slightly improved.',
  },
  markdown: `For three summers our city has not mown the strip between the tram line and the school. Nobody decided this. A contract lapsed, the man with the machine moved to the coast, and by the time anyone noticed it was June and there were poppies.

I used to be a planner, and I can tell you what the file would have said. It would have said *maintenance backlog*. What it looked like was a hundred metres of oxeye daisies, and children who were late for school because they had found a beetle.

## What a lawn is for

A lawn is a wonderful thing to lie on, to play football on and to fall off a bicycle onto. If people use it for that, mow it every week and do not apologise.

But go and count. In the district where I live I walked every piece of public grass with a clipboard, over two weeks in May:

| What people did on it | Share of the area |
|---|---:|
| Sat, played, picnicked | 22 % |
| Walked across, on one line | 9 % |
| Let a dog think about it | 6 % |
| Nothing at all | 63 % |

Two thirds of what we mow, we mow to look at. And we do it fourteen times a year, at the precise moments when it was about to become worth looking at.

## What late mowing asks for

It is not “do nothing”. A meadow that is never cut becomes a thicket, and a thicket becomes a complaint. What works is less often and later:

1. Cut once in **late July**, when the seeds have dropped, and once more in autumn.
2. **Take the hay away.** Rich soil grows nettles; poor soil grows flowers.
3. Mow **one neat metre** along every path. It tells people that somebody is looking after this, and it keeps wet legs dry.
4. Leave the football pitch, the picnic slope and the corner by the benches **short**.

That third point is the one that planners forget. People do not mind long grass. They mind feeling forgotten.

> A mown edge turns neglect into a decision.

## What it costs

Less, in the second year. More, in the first: you need a machine that cuts long grass, and somebody to explain it to everyone who rings up. Budget for the telephone. Ours rang for three weeks, and then it rang with a woman who wanted to know what the blue ones were called.

They are cornflowers. I think somebody threw in a packet of seeds. I think it was the man who moved to the coast.

So here is my proposal, for this town and possibly for yours. Keep the lawns that are used. Let the rest grow late. Put up a sign that says when it will be cut, so that nobody needs to wonder whether anyone remembers.

And tell me below what I have got wrong. I know that somebody is going to mention ticks.`,
};
