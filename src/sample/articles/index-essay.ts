import type { SampleArticle } from '../sample-types.ts';

export const indexEssay: SampleArticle = {
  slug: 'in-praise-of-the-back-of-the-book',
  title: 'In Praise of the Back of the Book',
  author: 'maren-holst',
  topics: ['ideas', 'craft'],
  daysAgo: 47.4,
  cover: {
    picture: 'index.svg',
    alt: 'An open book with two columns of index entries and a red ribbon between the pages.',
    caption: 'See also: getting lost, pleasures of.',
  },
  markdown: `I judge a book by its last twenty pages. Not by how it ends: by whether it has an index, and whether somebody enjoyed making it.

Search has made us forget what an index is. We think it is a list of the words in a book, and that a machine can therefore make one. A machine can. It is called a concordance, it was already being made in the thirteenth century, by a small army of friars, and it will tell you that the word *time* stands on two hundred pages. Thank you.

An index is the opposite. It is made by someone who has read the book and is trying to guess what *you* will want from it, in words that the author may never have used.

## Three entries

Consider what has to be known to write these:

> **grief**, *see* kitchens
>
> **Henry VIII**: accession; marriages, *passim*; weight of
>
> **silence**, 12, 40–43, 112; *its absence from this chapter*, 88

The first is a piece of literary criticism. The second has a sense of humour. The third says something that stands nowhere in the text, and no search would ever find it, because there is nothing to match.

Lewis Carroll, who indexed his own late novel, included *Sobriety, extreme, inconvenience of*. It is the best sentence in the book, and it is not in the book.

## What a good one does

1. **It merges.** The author wrote *shop*, *store*, *the trade* and *Mr Pettigrew's*. You get one entry.
2. **It splits.** Forty page numbers in a row are no help to anyone. Where are they about *money*, where about *his mother*?
3. **It points sideways.** *See also* is the most generous phrase in publishing: you have not asked for this, and I think that you would like it.
4. **It leaves out.** A passing mention is not a reference. The hardest part of the job is to be asked about Paris and to say no.

These, you may notice, are not tasks of retrieval. They are tasks of tact.

## And search?

I like search. I use it forty times a day, chiefly to find things that I already know are there. It is a torch. But you have to know where to point it, and it only ever shows you what is in the beam.

The index is someone who has walked through the house before you, turned on a few lamps, and left a note on the piano that says: *the view is from upstairs*.

So here is a small campaign. If you publish anything longer than fifty pages, a report, a manual, a history of the bowling club, pay a person to index it. They are called indexers; they have a society; they are not expensive. They will find three contradictions and a chapter that repeats itself. And your readers, for once, will be able to find what they did not know that they were looking for.`,
};
