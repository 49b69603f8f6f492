import type { SampleArticle } from '../sample-types.ts';

export const bread: SampleArticle = {
  slug: 'a-bread-that-forgives-you',
  title: 'A Bread That Forgives You',
  author: 'ines-calloway',
  topics: ['craft'],
  daysAgo: 9.1,
  cover: {
    picture: 'bread.svg',
    alt: 'A round loaf seen from above on a striped cloth, its crust scored with an ear of wheat.',
    caption: 'Score it with whatever you like. A leaf hides a shaky hand.',
  },
  markdown: `Most recipes for bread are written by people who are at home all day. They want you at the bowl every thirty minutes, with wet hands and a timer, as if dough were a newborn. I have a job and a short temper. This is the loaf I make instead.

It asks for eight minutes of work, spread over a day that you were going to have anyway. It can be two hours late. It can be four hours early, if your kitchen is cold. It does not care whether you are in the mood.

## What goes in

Bakers count in percentages of the flour, which is the one piece of jargon worth learning: it lets you make half a loaf, or nine, without a new recipe.

| | Grams | Share of the flour |
|---|---:|---:|
| Strong white flour | 400 | 80 % |
| Wholemeal flour | 100 | 20 % |
| Water, cool from the tap | 375 | 75 % |
| Salt | 10 | 2 % |
| Instant yeast | 1 | 0.2 % |

One gram of yeast looks like a mistake. It is the whole trick. Little yeast means slow, and slow means that nothing goes wrong quickly.

## What you do

1. **In the evening**, stir everything together in a big bowl until no dry flour is left. It will look like something you would scrape off a boot. Put a plate on top. Go to bed.
2. **In the morning**, wet one hand. Take the edge of the dough, pull it up and fold it over the middle; turn the bowl and repeat until you are back where you began. Plate on. Go to work, or do this at noon if it is a Saturday.
3. **When you are back**, tip it on a floured table, fold it like a letter, then like a letter the other way, and put it seam down in a floured cloth in a bowl. Leave it for about an hour.
4. **Heat the oven** as hot as it will go, with an iron pot and its lid inside. Drop the dough in. Lid on for 30 minutes, off for 15.

Then let it cool. I know. Let it cool.

## When it goes wrong

- *It spread out flat.* Use 20 g less water next time. Eat it as the best flatbread of your life.
- *It is dense at the bottom.* It wanted another hour. Toast it.
- *It is pale.* So am I, in March. Leave the lid off for longer.
- *I forgot the salt.* Salt the butter.

> A recipe is not an exam. It is a letter from someone who burned theirs so that you need not.

The only error that this bread does not forgive is cutting it hot, because the crumb has not set and the knife will smear it. And even then I have never seen anyone send it back.`,
};
