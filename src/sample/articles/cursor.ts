import type { SampleArticle } from '../sample-types.ts';

export const cursor: SampleArticle = {
  slug: 'the-comment-that-arrived-yesterday',
  title: 'The Comment That Arrived Yesterday',
  author: 'wen-harada',
  topics: ['technology'],
  daysAgo: 2.4,
  cover: {
    picture: 'cursor.svg',
    alt: 'Rows of coloured blocks in a grid; in one row a block is missing, and a bright marker stands in the gap.',
    caption: 'Everything is in order, except for the one that came late.',
  },
  markdown: `Somewhere, right now, a phone is asking a server a very reasonable question: *what did I miss?* It was in a tunnel for forty seconds. It remembers the last thing it saw. It would like everything after that, once each, in order.

This is the story of how I answered that question wrongly for two years.

## The obvious answer

Every comment in our table had an id from a sequence. Sequences count upwards. So the phone remembers the highest id it has seen, and asks for more:

~~~sql
SELECT * FROM comment
 WHERE id > 41
 ORDER BY id;
~~~

It is short, it is indexed, and on my laptop it was correct for every test that I could think of. In production, perhaps once a week, somebody wrote in to say that a reply had appeared *above* the comment they had just read, or had not appeared at all until they reloaded the page.

We blamed the phones, naturally.

## What a sequence promises

A sequence promises that no two rows get the same number. That is all. It does not promise that the rows become visible in the order of their numbers, and under load they do not:

| Time | Transaction A | Transaction B | What a reader sees |
|-----:|---------------|---------------|--------------------|
| 0 ms | takes 41 | | 40 |
| 2 ms | | takes 42 | 40 |
| 3 ms | | commits | 40, **42** |
| 9 ms | commits | | 40, 41, 42 |

A phone that asks at 4 ms is told about 42. It writes that down. At 9 ms, number 41 comes into the world, already in the past, and the phone never asks about the past again.

A timestamp is no better. It is taken when a transaction starts or when a statement runs; neither is when the row can be seen.

## Let the lock do the ordering

What we want is a number that is handed out in the order of *commits*. PostgreSQL has no such counter, but it has something that amounts to one: a row that everybody has to lock.

~~~sql
UPDATE article
   SET event_sequence = event_sequence + 1
 WHERE id = $1
RETURNING event_sequence;
~~~

Whoever runs this holds the row until they commit. The next writer on the same article waits for those few milliseconds and then gets the next number. Order of numbers and order of commits are now the same thing, because one lock decides both.

The cost is real and easy to name:

- two people who comment on the *same* article wait for each other, briefly;
- two people who comment on *different* articles never notice;
- so the counter has to be taken late in the transaction, after the slow work.

> Make the thing you order by the same thing you wait for. Everything else is hoping.

## What I tell the interns

A cursor is a promise about everything behind it. Before you hand one out, ask what could still be born on the wrong side. If the answer is “nothing, because of this lock”, ship it. If the answer is “nothing, because it is fast”, you have written my old code, and in about two years you will be blaming the phones.`,
};
