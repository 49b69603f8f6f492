import type { SampleArticle } from '../sample-types.ts';

export const swifts: SampleArticle = {
  slug: 'what-the-swifts-know',
  title: 'What the Swifts Know',
  author: 'tobias-adeyemi',
  topics: ['nature', 'cities'],
  status: 'SCHEDULED',
  daysAgo: -3.5,
  cover: {
    picture: 'swifts.svg',
    alt: 'Swifts with sickle wings over dark roofs in an evening sky.',
    caption: 'Ninety days, and then not one.',
  },
  markdown: `They arrive in the first week of May, usually on the day after you have decided that they are not coming, and they leave in the first days of August without saying anything. In between they scream round the church tower at the height of your window, and that is all most of us ever learn about swifts.

Here is what I have found out since I started to write the dates on the door of the fridge.

## They do not land

A young swift that drops out of the nest may not touch anything solid for two years, or three. It eats on the wing, drinks on the wing, gathers feathers for its nest on the wing, and sleeps up there: in the evening the parties climb until they are too small to see, and come down again at dawn. Their legs are so short that the old naturalists thought they had none.

## They live in our mistakes

A swift wants a hole in a high wall. Cliffs have them, and so do old houses, which were built by people who did not own a spirit level. Every well-meant renovation fills in a few more. The remedy costs as much as a pair of shoes: a hollow brick, put in while the scaffold stands.

1. Look up in June, an hour before dusk, and see which gaps they use.
2. Tell the owner *before* the scaffold goes up.
3. Put the bricks under the eaves, in the shade, five metres up or more.

> They have come here from the Congo for that one gap beside your gutter. They will be looking for it.

I have six years of dates on the fridge now. The first swift has never been more than four days early or late. I have missed dentists' appointments by more than that.`,
};
