import type { SampleGuest, SamplePerson } from './sample-types.ts';

export const staff: readonly SamplePerson[] = [
  {
    slug: 'maren-holst',
    name: 'Maren Holst',
    kind: 'STAFF',
    avatar: 'maren-holst.svg',
    url: 'https://maren.example/',
    bio: 'Maren edits *Broadsheet* and writes about cities, mostly from the seat behind the driver. She was a town planner for nine years and still carries a tape measure.',
  },
  {
    slug: 'tobias-adeyemi',
    name: 'Tobias Adeyemi',
    kind: 'STAFF',
    avatar: 'tobias-adeyemi.svg',
    bio: 'Tobias trained as a structural engineer and defected to journalism. He writes about things that move slowly, and about things that should not move at all. Corrections welcome; **units mandatory**.',
  },
  {
    slug: 'ines-calloway',
    name: 'Inés Calloway',
    kind: 'STAFF',
    avatar: 'ines-calloway.svg',
    url: 'https://calloway.example/workshop',
    bio: 'Inés bakes, solders, planes and darns, in that order of competence. She runs a repair evening on the first Thursday of the month and has strong opinions about screws.',
  },
  {
    slug: 'wen-harada',
    name: 'Wen Harada',
    kind: 'STAFF',
    avatar: 'wen-harada.svg',
    url: 'https://wen.example/',
    bio: 'Wen has kept other people’s databases running for fifteen years. Writes about software as if it were plumbing, which it is.',
  },
];

export const members: readonly SamplePerson[] = [
  { slug: 'oddny', name: 'Oddný', kind: 'MEMBER', bio: 'Gardener, retired. Reykjavík, then Leith.' },
  { slug: 'p-varga', name: 'P. Varga', kind: 'MEMBER' },
  { slug: 'juniper-lau', name: 'Juniper Lau', kind: 'MEMBER', url: 'https://juniper.example/' },
  { slug: 'halftone', name: 'halftone', kind: 'MEMBER', bio: 'I set type for a living. Yes, still.' },
  { slug: 'samir-k', name: 'Samir K.', kind: 'MEMBER' },
  { slug: 'dr-okonkwo', name: 'Dr Okonkwo', kind: 'MEMBER', bio: 'Ecologist. Here for the lichens.' },
  { slug: 'night-bus-ned', name: 'Night Bus Ned', kind: 'MEMBER', bio: 'Route N7, and proud of it.' },
];

export const guests: readonly SampleGuest[] = [
  { name: 'Agnes', email: 'agnes@guest.example' },
  { name: 'Bram de Wit', email: 'bram@guest.example', url: 'https://bram.example/' },
  { name: 'Carla M.', email: 'carla@guest.example' },
  { name: 'Dev', email: 'dev@guest.example' },
  { name: 'Eilidh', email: 'eilidh@guest.example' },
  { name: 'Father of three', email: 'three@guest.example' },
  { name: 'Goran', email: 'goran@guest.example' },
  { name: 'Hettie Bloom', email: 'hettie@guest.example', url: 'https://hettiebloom.example/' },
  { name: 'ivo', email: 'ivo@guest.example' },
  { name: 'Lawn & Order', email: 'lawn@guest.example' },
  { name: 'best-mower-deals', email: 'deals@spam.example', url: 'https://mowers.example/' },
];
