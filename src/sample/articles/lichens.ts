import type { SampleArticle } from '../sample-types.ts';

export const lichens: SampleArticle = {
  slug: 'lichens-keep-slow-clocks',
  title: 'Lichens Keep Slow Clocks',
  author: 'tobias-adeyemi',
  topics: ['nature'],
  daysAgo: 33.8,
  cover: {
    picture: 'lichens.svg',
    alt: 'Round rosettes of yellow-green, orange and grey lichen on dark slate.',
    caption: 'Three species, four centuries. The black rims are where neighbours have met.',
  },
  markdown: `The oldest thing in the churchyard is not under the ground. It is the yellow-green stain on the north face of the tower, about the size of a dinner plate, and it was probably a fair-sized coin when the clock above it was installed.

Lichens are bad at most things that plants are good at. They have no roots, no hurry and no way of keeping water in. What they do have is arithmetic. Many of them grow outwards in circles, at rates so steady and so small that you can read a date from the width.

## The map lichen

The favourite for this is *Rhizocarpon geographicum*, the map lichen, which looks like a country seen from a satellite: bright territory, black borders. On bare rock in the mountains it may widen by half a millimetre a year while it is young, and less as it ages. In the 1950s the botanist Roland Beschel measured them on gravestones, whose ages are conveniently written on the front, and drew a curve. Then he walked up to glaciers.

Rock that a glacier lets go of is clean. Lichens move in within decades. So the largest map lichen on a boulder tells you, roughly, when the ice left it.

~~~text
width of the largest lichen      60 mm
growth read from gravestones      0.4 mm a year
-> the rock has been bare for    about 150 years
~~~

The method is called **lichenometry**, and it is wonderful and rough. Shade, height, the kind of stone and the competition all bend the curve. Nobody should hang for a date that was read from a lichen. But where there are no trees to count and no wood to date, it is often the only clock in the valley.

## Two names on the door

A lichen is not one thing. In 1869 the Swiss botanist Simon Schwendener claimed that it is a fungus that keeps algae, and was called a fantasist by respectable people for the rest of the century. He was right. The fungus builds the house; the algae, or in some cases bacteria, make sugar from light and pay it as rent. Lately yeasts have been found in the walls as well, and it has become hard to say who is the guest.

> We used to ask whether it was one being or two. It turns out to be a neighbourhood.

## How to look

You need a hand lens and patience, though less patience than the lichen has.

- **Look north** on walls and gravestones, where the stone stays damp.
- **Orange on a roof** means that birds sit there; it likes to be fertilised.
- **Bushy, hanging ones** mean clean air. In the years of coal smoke they vanished from cities, and they are coming back.
- **Do not scrape.** You would be cutting down an oak to count its rings.

Next time you wait for a bus by an old wall, find two circles that have met. There will be a thin black line between them. They have been having that argument since before your grandmother was born, and neither of them has raised its voice.`,
};
