import type { SampleArticle } from '../sample-types.ts';

export const hour: SampleArticle = {
  slug: 'the-hour-the-city-changes-hands',
  title: 'The Hour the City Changes Hands',
  excerpt:
    'There is an hour that belongs to nobody. The last drinkers have gone and the first bakers have only just put the lights on. I asked to spend it with the people who keep the keys.',
  author: 'maren-holst',
  topics: ['cities'],
  daysAgo: 14.6,
  cover: {
    picture: 'hour.svg',
    alt: 'A skyline before dawn with a few lit windows, a low moon, and one yellow tram on an empty street.',
    caption: 'Half past four, the first tram out of the depot.',
  },
  markdown: `There is an hour that belongs to nobody. The last drinkers have gone and the first bakers have only just put the lights on. I asked to spend it with the people who keep the keys.

## 4:05, the depot

The first tram of the day carries no passengers. It is called the *ghost*, and its job is to prove that the track is still there. Rosalind, who drives it, keeps it at walking pace through the points at the river and listens. “You hear a stone before you feel it,” she says. In nineteen years she has found an umbrella, a wedding cake and, once, a very calm swan.

Behind her the others wake up in a row: lights, doors, bells, a sound like a kitchen drawer. At half past four the ghost becomes number 5 and opens its doors to a man in paint-spattered trousers, who nods as one nods in a lift.

## 4:40, the market hall

The fish arrive before the ice, always, and each side considers this to be the other's fault. Nobody shouts; the shouting is for customers. Two porters play a game in which you must pass a crate without saying thank you. It has been going since spring.

What surprised me was how much of the work consists of *undoing*. Hosing off yesterday. Peeling yesterday's price from the glass. In the street outside, a machine with round brushes erases a night that, to judge by the confetti, went well for someone.

## 5:10, the switch

I had imagined that day shift and night shift would greet one another, like guards in a film. They barely meet. What they exchange is objects:

- the ward sister leaves a list under the telephone;
- the night porter leaves the chair at the height he likes, and the day porter, every day, puts it back;
- the baker leaves a bag on the rail of the police station, still warm, and has not been asked for a parking permit in years.

> A city is handed over in notes, keys and chairs. It is a relay in which the runners never touch.

## 5:30, and it is gone

It ends with a sound. Somewhere around half past five the pigeons start, the street lamps go out in blocks from east to west, and the man who sells newspapers lifts his shutter in one movement, as he must have done ten thousand times. It is the loudest noise for a mile, and it means *morning*; after that it is only early.

I walked home against the stream. On the number 5 people were asleep with their eyes open. Rosalind rang the bell at me, twice, which I am told is not allowed.

If you want to see your own city change hands, do not set an alarm. Stay up. Arriving at that hour is tourism. You have to be left there by the night before, like a tide pool.`,
};
