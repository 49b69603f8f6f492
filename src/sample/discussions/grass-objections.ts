import type { SampleComment } from '../sample-types.ts';

/** Threads in which readers disagree with the article on grass: ticks, tidiness, costs and pollen. */
export const grassObjections: readonly SampleComment[] = [
  {
    author: 'Father of three',
    hoursAfter: 1.2,
    reactions: [21, 0, 3, 0, 1],
    markdown:
      'Ticks. There, somebody had to.\n\nI am serious, though. My middle one had Lyme disease after a picnic. I like flowers as much as anybody, but children do not stay on the neat metre.',
    replies: [
      {
        author: 'maren-holst',
        hoursAfter: 1.9,
        reactions: [12, 0, 4, 0, 0],
        markdown:
          'I am sorry, that is a nasty thing to go through. You are right that this has to be part of it. Short grass where people sit is not a concession to tidiness, it is the point of the fourth item on the list. Did it happen in long grass in town, or outside?',
        replies: [
          {
            author: 'Father of three',
            hoursAfter: 3.0,
            markdown: 'In town. Edge of a wood though, to be fair.',
            reactions: [2, 0, 0, 0, 0],
            replies: [
              {
                author: 'dr-okonkwo',
                hoursAfter: 4.4,
                reactions: [16, 0, 14, 0, 0],
                markdown:
                  'The edge of the wood is what matters. Ticks need damp leaf litter and deer or rodents to feed on. An open, sunny meadow between a tram line and a school is about as unpleasant for a tick as a pavement. Not zero; low.\n\nWhat helps, in this order:\n\n1. a mown strip between wood and grass\n2. long socks\n3. looking behind knees in the evening',
                replies: [
                  {
                    author: 'Lawn & Order',
                    hoursAfter: 5.1,
                    markdown: '“Not zero, low” is what they say about everything until it is your child.',
                    reactions: [6, 0, 0, 0, 2],
                    replies: [
                      {
                        author: 'dr-okonkwo',
                        hoursAfter: 6.0,
                        reactions: [9, 0, 6, 0, 0],
                        markdown: 'It is also what is true of lawns. I have pulled ticks off a golfer.',
                        replies: [
                          {
                            author: 'Father of three',
                            hoursAfter: 6.3,
                            reactions: [14, 1, 0, 8, 0],
                            markdown: 'All right, that made me laugh. Socks it is.',
                            replies: [
                              {
                                author: 'maren-holst',
                                hoursAfter: 7.0,
                                reactions: [5, 4, 0, 0, 0],
                                markdown:
                                  'I am putting “mown strip along any wood” into the list, with thanks to you both.',
                              },
                            ],
                          },
                          {
                            author: 'Goran',
                            hoursAfter: 20.5,
                            markdown: 'How does one pull a tick off a golfer? Is there a special club?',
                            reactions: [3, 0, 0, 19, 0],
                            replies: [
                              {
                                author: 'dr-okonkwo',
                                hoursAfter: 22.0,
                                markdown: 'A nine iron is traditional. I used tweezers.',
                                reactions: [4, 0, 0, 23, 0],
                              },
                            ],
                          },
                        ],
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
      {
        author: 'Hettie Bloom',
        hoursAfter: 10.4,
        markdown: 'Thank you for saying it first. Every meadow piece should have a paragraph on this, and none has.',
        reactions: [4, 0, 0, 0, 0],
      },
    ],
  },
  {
    author: 'Lawn & Order',
    hoursAfter: 2.8,
    reactions: [9, 0, 1, 1, 3],
    markdown:
      'We pay for mowing with our taxes, and now we are to be grateful for *not* getting it? “63 % nothing at all” is a funny way to describe people who like to look at a tidy green from their window. Looking is a use.',
    replies: [
      {
        author: 'juniper-lau',
        hoursAfter: 3.6,
        reactions: [11, 0, 2, 0, 0],
        markdown: 'Looking is a use! I agree. I just think there is more to look at now.',
        replies: [
          {
            author: 'Lawn & Order',
            hoursAfter: 4.0,
            markdown: 'In June, yes. Come back in September, when it is brown straw and crisp packets.',
            reactions: [7, 0, 2, 0, 0],
            replies: [
              {
                author: 'maren-holst',
                hoursAfter: 5.5,
                reactions: [8, 0, 5, 0, 0],
                markdown:
                  'The crisp packets are a fair hit. Litter in long grass is invisible to the sweepers and then visible for weeks. Our depot does a pick the day before each cut; once a month would be better.',
                replies: [
                  {
                    author: 'Lawn & Order',
                    hoursAfter: 8.2,
                    editedHoursAfter: 8.4,
                    reactions: [6, 1, 0, 0, 0],
                    markdown: 'Once a month and I withdraw half of my objection. The straw half stays.',
                  },
                ],
              },
            ],
          },
        ],
      },
      {
        author: 'ivo',
        hoursAfter: 3.9,
        status: 'REMOVED',
        markdown: 'People like you are why nothing nice is ever allowed to exist.',
        replies: [
          {
            author: 'Lawn & Order',
            hoursAfter: 4.2,
            markdown: 'Charming. I have a wildflower border, as it happens.',
            reactions: [5, 0, 0, 0, 0],
            replies: [
              {
                author: 'maren-holst',
                hoursAfter: 5.6,
                reactions: [13, 0, 0, 0, 0],
                markdown:
                  'I have taken the comment above down. Disagree with what people say as hard as you like; leave who they are out of it.',
              },
            ],
          },
        ],
      },
    ],
  },
  {
    author: 'p-varga',
    hoursAfter: 6.7,
    reactions: [7, 0, 9, 0, 0],
    markdown:
      'Numbers, please. You write “less, in the second year”. How much less? A flail mower with collection costs several times what a gang mower does per hectare, and hay that has been near a road counts as waste in many places, so that you pay to get rid of it.',
    replies: [
      {
        author: 'maren-holst',
        hoursAfter: 11.8,
        reactions: [10, 0, 12, 0, 0],
        markdown:
          'From our depot, for one hectare and a year:\n\n- fourteen cuts, clippings left: **1,900**\n- two cuts, hay removed and composted: **1,450**\n- first year, with the new machine written off over eight: **2,300**\n\nYou are right about the waste. We got round it because the allotments take it. Without them it would be a draw.',
        replies: [
          {
            author: 'p-varga',
            hoursAfter: 12.5,
            markdown: 'That is a much more honest paragraph than the one in the article. I would have led with it.',
            reactions: [6, 0, 2, 0, 0],
            replies: [
              {
                author: 'maren-holst',
                hoursAfter: 13.1,
                reactions: [4, 2, 0, 3, 0],
                markdown: 'My editor cut it. I am my editor.',
              },
            ],
          },
          {
            author: 'samir-k',
            hoursAfter: 30.2,
            markdown:
              'Allotment holder here. Please keep the thistles out of it and we shall take everything you have.',
            reactions: [5, 0, 0, 2, 0],
          },
        ],
      },
    ],
  },
  {
    author: 'Agnes',
    hoursAfter: 15.3,
    reactions: [3, 0, 0, 0, 5],
    markdown:
      'Has anyone thought of hay fever? From May to July I cannot walk to that tram stop without my eyes streaming. It did not use to be like this.',
    replies: [
      {
        author: 'dr-okonkwo',
        hoursAfter: 17.0,
        reactions: [4, 0, 7, 0, 0],
        markdown:
          'It is the grasses, not the flowers: flowers that insects visit keep their pollen to themselves. A poor meadow with many flowers can have *less* grass pollen than a fertile one that is let go. But in the first two years it is mostly grass, so your eyes are not imagining it.',
        replies: [
          {
            author: 'Agnes',
            hoursAfter: 18.9,
            markdown: 'So it should get better? I can hold out for a year if somebody promises.',
            reactions: [1, 0, 0, 0, 0],
            replies: [
              {
                author: 'dr-okonkwo',
                hoursAfter: 19.4,
                markdown:
                  'I am a scientist, so I can only promise that it depends. If they take the hay away every time: yes, probably.',
                reactions: [6, 0, 1, 6, 0],
              },
            ],
          },
        ],
      },
    ],
  },
];
