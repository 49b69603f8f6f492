import type { SampleArticle } from '../sample-types.ts';

export const names: SampleArticle = {
  slug: 'naming-things-is-half-the-map',
  formerSlug: 'the-town-that-was-not-there',
  title: 'Naming Things Is Half the Map',
  author: 'wen-harada',
  topics: ['ideas', 'technology'],
  daysAgo: 78.5,
  cover: {
    picture: 'names.svg',
    alt: 'Contour lines of a hilly landscape in warm colours, with three small flags; one flag stands where there is nothing.',
    caption: 'One of these places does not exist. For about twenty years, it did.',
  },
  markdown: `In the 1930s a map company in New York put a town in the Catskills that was not there. It was called Agloe, an anagram of two men's initials, and it was a trap: if Agloe ever turned up on a rival's map, the rival had copied.

It turned up on a rival's map. The lawyers got ready. And the rival said, quite truthfully, that there was a building at that crossroads, and that it said *Agloe General Store* over the door. Somebody had seen the name on the map, and had supposed that this must be what the place was called.

I think about Agloe whenever I review code.

## A name is a place to put things

Programmers quote a joke that there are two hard things in our trade, and that naming is one of them. We tell it as if naming were decoration, a label to be printed once the jar is full. But Agloe had nothing in it until it had a name. *Then* it got a shop.

Software does this all the time. Call a folder \`utils\`, and watch. Nobody ever decides that the function for parsing dates, the one for shouting at printers and the one that is really our whole pricing policy belong together. There is a sign at a crossroads, and people build.

## Three kinds of names

- **Names that describe** say what is there. \`commentsAwaitingModeration\`. Long, dull, excellent.
- **Names that claim** say what ought to be there. \`PaymentService\`. They attract whatever feels like payments to whoever is tired.
- **Names that give up** say only that something is there. \`data\`, \`misc\`, \`manager2\`.

A test that I have found useful: read the name to a colleague who does not know the code, and ask what is *not* in it. If they cannot tell you one thing, it is not a name. It is a bag.

~~~ts
// A bag:
function process(data: Data): Result

// A name:
function oldestUnpaidInvoice(of: Customer): Invoice | null
~~~

The second one cannot quietly grow an e-mail.

## Null Island

There is another famous place that is not there. At zero degrees north and zero degrees east, in the sea south of Ghana, lies Null Island. It is where things end up when the software did not know where they were and wrote down two noughts instead of nothing. There is a weather buoy. By the data it is one of the busiest places on the planet: shops, crimes, taxis, photographs of breakfast.

Nobody named it on purpose either. It is simply what happens when *I do not know* has no name of its own.

> If you do not give a thing a name, it will move in with whatever has one.

The store at Agloe closed long ago, and the town was taken off the maps. But for some decades, if you had asked anyone at that crossroads where they were, they would have told you. It was on the sign.

*An earlier version of this essay was called “The Town That Was Not There”. I renamed it, and I am aware of the irony.*`,
};
