import type { SampleDiscussion } from '../sample-types.ts';

export const cursor: SampleDiscussion = {
  article: 'the-comment-that-arrived-yesterday',
  comments: [
    {
      author: 'ivo',
      hoursAfter: 0.7,
      reactions: [8, 0, 2, 0, 0],
      markdown:
        'Nice write-up. But doesn’t the row lock make the article row a hot spot? We had a thread with 400 comments a minute during a cup final.',
      replies: [
        {
          author: 'wen-harada',
          hoursAfter: 1.3,
          reactions: [11, 0, 9, 0, 0],
          markdown:
            'It does. 400 a minute is about seven a second; if each transaction holds the lock for 2 ms, the row is busy for 1.4 % of the time. You start to feel it at a few hundred *a second* on one article, and I would love to have that article.\n\nWhat matters is to take the counter **last**. If you take it first and then render Markdown while holding it, you will have a bad final.',
          replies: [
            {
              author: 'ivo',
              hoursAfter: 1.6,
              markdown: 'We did exactly that. We rendered Markdown while holding it. How did you know.',
              reactions: [6, 0, 0, 17, 0],
              replies: [
                {
                  author: 'wen-harada',
                  hoursAfter: 1.7,
                  markdown: 'Everybody does it once. I did it on election night.',
                  reactions: [5, 1, 0, 12, 0],
                },
              ],
            },
          ],
        },
      ],
    },
    {
      author: 'p-varga',
      hoursAfter: 3.2,
      reactions: [4, 0, 7, 0, 0],
      markdown:
        'There is `pg_snapshot_xmin`: read only rows whose transaction id is below the oldest one still running. No lock at all, and the order is safe.',
      replies: [
        {
          author: 'wen-harada',
          hoursAfter: 4.0,
          reactions: [7, 0, 8, 0, 0],
          markdown:
            'True, and a lovely trick. The price is that one forgotten transaction anywhere in the cluster, say a backup, stops the news for everyone:\n\n~~~sql\nSELECT pg_snapshot_xmin(pg_current_snapshot());\n~~~\n\nI prefer to wait two milliseconds for my neighbour than four hours for the backup.',
          replies: [
            {
              author: 'p-varga',
              hoursAfter: 4.4,
              markdown: 'The backup point I had not considered. Conceded.',
              reactions: [9, 0, 0, 0, 0],
            },
          ],
        },
      ],
    },
    {
      author: 'Carla M.',
      hoursAfter: 8.9,
      reactions: [10, 4, 0, 3, 0],
      markdown:
        'I do not understand a word of the SQL, but I am the person who wrote in. In 2022! About the reply above the comment! You told me to update the app!',
      replies: [
        {
          author: 'wen-harada',
          hoursAfter: 9.5,
          reactions: [14, 16, 0, 9, 0],
          markdown:
            'Carla, I owe you an apology and probably a cake. You were right, your phone was right, and I was wrong in public for two years.',
          replies: [
            { author: 'Carla M.', hoursAfter: 10.1, markdown: 'Lemon.', reactions: [7, 5, 0, 22, 0] },
            {
              author: 'ines-calloway',
              hoursAfter: 11.0,
              markdown: 'I shall bake it. This is now a matter of the honour of the house.',
              reactions: [6, 9, 0, 4, 0],
            },
          ],
        },
      ],
    },
    {
      author: 'samir-k',
      hoursAfter: 14.2,
      markdown: 'Why is a timestamp taken at commit no good? `track_commit_timestamp` exists.',
      reactions: [2, 0, 1, 0, 0],
      replies: [
        {
          author: 'wen-harada',
          hoursAfter: 15.0,
          reactions: [3, 0, 5, 0, 0],
          markdown:
            'Two commits can share a microsecond, the clock may step backwards, and you cannot put an index on it. Each of these can be worked around. By the time that you have, you will have built a counter.',
        },
      ],
    },
    {
      author: 'Dev',
      hoursAfter: 29.4,
      markdown: 'Stealing “could still be born on the wrong side” for my code reviews.',
      reactions: [5, 1, 0, 0, 0],
    },
    {
      author: 'halftone',
      hoursAfter: 41.1,
      editedHoursAfter: 41.2,
      markdown:
        'Typesetter’s question: is the little table set by hand? The alignment of the times is better than in most journals.',
      reactions: [1, 0, 0, 2, 0],
    },
  ],
};
