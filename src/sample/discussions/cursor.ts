import type { SampleDiscussion } from '../shape.ts';

export const cursor: SampleDiscussion = {
  article: 'the-comment-that-arrived-yesterday',
  comments: [
    {
      by: 'ivo',
      at: 0.7,
      reactions: [8, 0, 2, 0, 0],
      says: 'Nice write-up. But doesn’t the row lock make the article row a hot spot? We had a thread with 400 comments a minute during a cup final.',
      replies: [
        {
          by: 'wen-harada',
          at: 1.3,
          reactions: [11, 0, 9, 0, 0],
          says: 'It does. 400 a minute is about seven a second; if each transaction holds the lock for 2 ms, the row is busy for 1.4 % of the time. You start to feel it at a few hundred *a second* on one article, and I would love to have that article.\n\nWhat matters is to take the counter **last**. If you take it first and then render Markdown while holding it, you will have a bad final.',
          replies: [
            {
              by: 'ivo',
              at: 1.6,
              says: 'We did exactly that. We rendered Markdown while holding it. How did you know.',
              reactions: [6, 0, 0, 17, 0],
              replies: [
                {
                  by: 'wen-harada',
                  at: 1.7,
                  says: 'Everybody does it once. I did it on election night.',
                  reactions: [5, 1, 0, 12, 0],
                },
              ],
            },
          ],
        },
      ],
    },
    {
      by: 'p-varga',
      at: 3.2,
      reactions: [4, 0, 7, 0, 0],
      says: 'There is `pg_snapshot_xmin`: read only rows whose transaction id is below the oldest one still running. No lock at all, and the order is safe.',
      replies: [
        {
          by: 'wen-harada',
          at: 4.0,
          reactions: [7, 0, 8, 0, 0],
          says: 'True, and a lovely trick. The price is that one forgotten transaction anywhere in the cluster, say a backup, stops the news for everyone:\n\n~~~sql\nSELECT pg_snapshot_xmin(pg_current_snapshot());\n~~~\n\nI prefer to wait two milliseconds for my neighbour than four hours for the backup.',
          replies: [
            {
              by: 'p-varga',
              at: 4.4,
              says: 'The backup point I had not considered. Conceded.',
              reactions: [9, 0, 0, 0, 0],
            },
          ],
        },
      ],
    },
    {
      by: 'Carla M.',
      at: 8.9,
      reactions: [10, 4, 0, 3, 0],
      says: 'I do not understand a word of the SQL, but I am the person who wrote in. In 2022! About the reply above the comment! You told me to update the app!',
      replies: [
        {
          by: 'wen-harada',
          at: 9.5,
          reactions: [14, 16, 0, 9, 0],
          says: 'Carla, I owe you an apology and probably a cake. You were right, your phone was right, and I was wrong in public for two years.',
          replies: [
            { by: 'Carla M.', at: 10.1, says: 'Lemon.', reactions: [7, 5, 0, 22, 0] },
            {
              by: 'ines-calloway',
              at: 11.0,
              says: 'I shall bake it. This is now a matter of the honour of the house.',
              reactions: [6, 9, 0, 4, 0],
            },
          ],
        },
      ],
    },
    {
      by: 'samir-k',
      at: 14.2,
      says: 'Why is a timestamp taken at commit no good? `track_commit_timestamp` exists.',
      reactions: [2, 0, 1, 0, 0],
      replies: [
        {
          by: 'wen-harada',
          at: 15.0,
          reactions: [3, 0, 5, 0, 0],
          says: 'Two commits can share a microsecond, the clock may step backwards, and you cannot put an index on it. Each of these can be worked around. By the time that you have, you will have built a counter.',
        },
      ],
    },
    {
      by: 'Dev',
      at: 29.4,
      says: 'Stealing “could still be born on the wrong side” for my code reviews.',
      reactions: [5, 1, 0, 0, 0],
    },
    {
      by: 'halftone',
      at: 41.1,
      editedAt: 41.2,
      says: 'Typesetter’s question: is the little table set by hand? The alignment of the times is better than in most journals.',
      reactions: [1, 0, 0, 2, 0],
    },
  ],
};
