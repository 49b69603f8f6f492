import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

/** A text, what is typed, and what of the text is marked; null when the text is not found. */
type Pair = [text: string, query: string, marked: string | null];

const PAIRS: Pair[] = [
  // Accents, case, width and composition.
  ['Inés wrote a letter.', 'ines', 'Inés'],
  ['Ines wrote a letter.', 'Inés', 'Ines'],
  ['Ine\u0301s Decomposed walked home.', 'INÉS', 'Ine\u0301s'],
  ['A hello from the garden.', 'ｈｅｌｌｏ', 'hello'],
  ['A ｗｉｄｅ hello.', 'WIDE', 'ｗｉｄｅ'],
  ['The Ærø ferry is late.', 'aero', 'Ærø'],
  ['Łódź is a town in the middle.', 'lodz', 'Łódź'],
  ['The DİYARBAKIR road is closed.', 'diyarbakir', 'DİYARBAKIR'],
  ['A soft\u00ADhyphen in it.', 'softhyphen', 'soft\u00ADhyphen'],
  ['The ﬁnal page of it.', 'final', 'ﬁnal'],
  ['Ο Οδυσσεύς ταξιδεύει.', 'ΟΔΥΣΣΕΥΣ', 'Οδυσσεύς'],
  ['كِتَاب جديد', 'كتاب', 'كِتَاب'],
  ['It costs 25 crowns, number ４２.', '42', '４２'],
  ['An áccent is a letter.', 'accents', 'áccent'],
  // Languages that are stemmed.
  ['She was running through the gardens.', 'run garden', 'running'],
  ['The news were bad today.', 'new', null],
  ['A new bus for the people of the town.', 'news', null],
  ['Die alten Häuser stehen an der Straße.', 'Haus', 'Häuser'],
  ['Die alten Häuser stehen an der Straße.', 'hauser', 'Häuser'],
  ['Die alten Häuser stehen an der Straße.', 'Häusern', 'Häuser'],
  ['Die alten Häuser stehen an der Straße.', 'strasse', 'Straße'],
  ['Die alten Häuser stehen an der Straße.', 'STRASSEN', 'Straße'],
  ['Die alten Häuser stehen an der Straße.', 'Hausmeister', null],
  ['Wir haben ein Haus gebaut.', 'Häuser', 'Haus'],
  ['Les régions sont très différentes.', 'region', 'régions'],
  ['Les régions sont très différentes.', 'regions', 'régions'],
  ['Nous avons mangé des pommes.', 'pomme', 'pommes'],
  ['Las canciones de mi abuela son tristes.', 'cancion', 'canciones'],
  ['Las canciones de mi abuela son tristes.', 'canción', 'canciones'],
  ['Los niños comen en la cocina.', 'nino', 'niños'],
  ['As crianças não gostam de chuva.', 'criança', 'crianças'],
  ['As crianças não gostam de chuva.', 'crianca', 'crianças'],
  ['Le ragazze della città hanno cantato.', 'ragazza', 'ragazze'],
  ['Le ragazze della città hanno cantato.', 'citta', 'città'],
  ['De honden van mijn oom zijn groot.', 'hond', 'honden'],
  ['Новые дома стоят на берегу реки.', 'дом', 'дома'],
  ['Новые дома стоят на берегу реки.', 'РЕКА', 'реки'],
  ['Ёлка стоит в комнате.', 'елка', 'Ёлка'],
  ['Hundarna springer över den stora ängen.', 'hund', 'Hundarna'],
  ['Hundarna springer över den stora ängen.', 'angen', 'ängen'],
  ['Hestene løper ikke over de store engene.', 'hest', 'Hestene'],
  ['Hunden løb hjem, og bøgerne blev hvide af sne.', 'bøger', 'bøgerne'],
  ['Koirat eivät ole talossa tänään.', 'talo', 'talossa'],
  ['Kitapları çok güzel ve bütün evler büyük.', 'kitap', 'Kitapları'],
  ['Domy są duże i nie wiem dlaczego.', 'duze', 'duże'],
  // Writing without spaces.
  ['東京タワーは高いです。', '東京', '東京'],
  ['東京タワーは高いです。', 'タワー', 'タワー'],
  ['東京タワーは高いです。', 'ﾀﾜｰ', 'タワー'],
  ['東京タワーは高いです。', '高い', '高い'],
  ['東京タワーは高いです。', '京都', null],
  ['東京タワーは高いです。', '東', '東'],
  ['ｶﾞｷﾞｸﾞ という言葉。', 'ガギ', 'ｶﾞｷﾞ'],
  ['我们在北京大学学习中文。', '大学', '大学'],
  ['我们在北京大学学习中文。', '北京', '北京'],
  ['我们在北京大学学习中文。', '北大', null],
  ['我们在北京大学学习中文。', '"京大"', '京大'],
  ['我们在北京大学学习中文。', '文', '文'],
  ['서울에서는 한국어를 배웁니다.', '한국어', '한국어'],
  ['서울에서는 한국어를 배웁니다.', '서울', '서울'],
  ['서울에서는 한국어를 배웁니다.', '부산', null],
  ['세종대왕은 훌륭하다.'.normalize('NFD'), '대왕', '대왕'.normalize('NFD')],
  ['ฉันกินข้าวที่บ้าน', 'ข้าว', 'ข้าว'],
  ['ฉันกินข้าวที่บ้าน', 'บ้าน', 'บ้าน'],
  ['ฉันกินข้าวที่บ้าน', 'แมว', null],
  // Several writings in one text.
  ['The band 東京事変 plays JavaScriptで歌う tonight.', '事変 plays', '事変'],
  ['The band 東京事変 plays JavaScriptで歌う tonight.', 'javascript', 'JavaScript'],
  ['The band 東京事変 plays JavaScriptで歌う tonight.', '歌う', '歌う'],
  ['The band 東京事変 plays JavaScriptで歌う tonight.', 'playing', 'plays'],
  ['Слово kitchens в русском тексте.', 'kitchen', 'kitchens'],
  // Words that a language has in every text.
  ['The Who played on.', 'the who', 'The'],
  ['The Who played on.', '"the who"', 'The'],
  ['The Who played on.', '“the who”', 'The'],
  ['The Who played on.', '“who the”', null],
  ['Sein oder Nichtsein, das ist hier die Frage.', '„die Frage“', 'Frage'],
  ['Sein oder Nichtsein, das ist hier die Frage.', '«Frage die»', null],
  ['Sein oder Nichtsein, das ist hier die Frage.', 'die Frage', 'Frage'],
];

let gateway: TestGateway;
let writer: Client;

const texts = [...new Set(PAIRS.map(([text]) => text))];

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1, name: 'Zoë Läufer' }],
      topics: [{ id: 1, name: 'Läufer' }],
      articles: texts.map((text, i) => ({ id: i + 1, title: text, text, topics: i === 0 ? [1] : [] })),
    }),
  );
  writer = gateway.as({ name: 'Wes', role: 'ADMIN' });
});

afterAll(() => gateway.stop());

interface Hit {
  headline: string;
  node: { slug: string };
}

async function search(query: string): Promise<Hit[]> {
  const { data, errors } = await gateway.ask<{ search: { edges: Hit[] } }>(
    `query ($query: String!) { search(query: $query, first: 100) { edges { headline node { ... on Article { slug }
      ... on Author { slug } ... on Topic { slug } } } } }`,
    { query },
  );
  expect(errors).toBeUndefined();
  return data.search.edges;
}

describe('a search', () => {
  it.each(PAIRS)('in "%s" for "%s" marks %s', async (text, query, marked) => {
    const slug = `article-${texts.indexOf(text) + 1}`;
    const hit = (await search(query)).find(({ node }) => node.slug === slug);
    if (marked === null) expect(hit).toBeUndefined();
    else expect(hit?.headline).toContain(`<mark>${marked}</mark>`);
  });

  it('never stems names', async () => {
    const slugs = async (query: string) => (await search(query)).map(({ node }) => node.slug).sort();
    expect(await slugs('laufer')).toEqual(['author-1', 'topic-1']);
    // Something is found, so nothing is corrected.
    const [kitchens] = await slugs('kitchens');
    expect(await slugs('Läufern OR kitchens')).toEqual([kitchens]);
  });

  it.each([
    ['kitchns', 'kitchens'],
    ['Hundanra', 'Hundarna'],
    ['regoins', 'régions'],
    ['laufr', 'Läufer'],
    ['tonihgt javascrpt', 'tonight'],
    ['берагу', 'берегу'],
  ])('takes %s for %s when nothing is found', async (query, marked) => {
    const hits = await search(query);
    expect(hits.map(({ headline }) => headline).join()).toContain(`<mark>${marked}</mark>`);
  });

  it('corrects no word that a text has, and keeps what is excluded', async () => {
    expect(await search('kitchens tonight')).toEqual([]);
    expect(await search('kitchns -kitchens')).toEqual([]);
    expect(await search('qqqqqqqq')).toEqual([]);
  });
});

describe("an article's language", () => {
  const SAVE = `__typename ... on Error { code path: message } ... on ArticleSuccess { article { id slug version language } }`;
  interface Saved {
    __typename: string;
    code?: string;
    article: { id: string; slug: string; version: number; language: string | null };
  }
  const create = async (input: object): Promise<Saved> =>
    (
      await writer.ask<{ createArticle: Saved }>(
        `mutation ($input: CreateArticleInput!) { createArticle(input: $input) { ${SAVE} } }`,
        { input },
      )
    ).data.createArticle;
  const update = async (input: object): Promise<Saved> =>
    (
      await writer.ask<{ updateArticle: Saved }>(
        `mutation ($input: UpdateArticleInput!) { updateArticle(input: $input) { ${SAVE} } }`,
        { input },
      )
    ).data.updateArticle;

  it.each([
    ['Wir gehen heute in die Stadt.', 'de'],
    ['We are going to the city today.', 'en'],
    ['Nous allons à la ville avec nos amis.', 'fr'],
    ['Vamos a la ciudad con los amigos.', 'es'],
    ['Nós vamos à cidade, mas não hoje.', 'pt'],
    ['Andiamo nella città con gli amici.', 'it'],
    ['We gaan vandaag niet naar de stad.', 'nl'],
    ['Сегодня мы идём в город.', 'ru'],
    ['Vi ska inte gå till staden idag.', 'sv'],
    ['Hvad laver I, mens vi venter på jer efter mødet?', 'da'],
    ['Hva gjør dere mens vi venter på meg selv?', 'no'],
    ['今日は町へ行きます。', 'ja'],
    ['今天我们去城市。', 'zh'],
    ['오늘 우리는 도시에 갑니다.', 'ko'],
    ['วันนี้เราไปเมือง', 'th'],
    ['Xyzzy 42', null],
  ])('of "%s" is detected: %s', async (markdown, language) => {
    expect((await create({ title: 'Xyzzy', markdown })).article.language).toBe(language);
  });

  it('that is given decides how its words are stemmed, and null has it detected again', async () => {
    const { article } = await create({
      title: 'Quxzeitungen',
      markdown: 'We are in the Quxzeitungen today.',
      language: 'DE-at',
    });
    expect(article.language).toBe('de-AT');
    await writer.ask(`mutation { publishArticle(input: { id: "${article.id}" }) { __typename } }`);
    expect((await search('Quxzeitung')).map(({ node }) => node.slug)).toEqual([article.slug]);
    const detected = await update({ id: article.id, expectedVersion: article.version, language: null });
    expect(detected.article).toMatchObject({ language: 'en', version: article.version + 1 });
    const hits = await search('Quxzeitung OR kitchens');
    expect(hits.map(({ node }) => node.slug)).not.toContain(article.slug);
    expect(hits).toHaveLength(1);
    const same = await update({ id: article.id, expectedVersion: detected.article.version, language: null });
    expect(same.article.version).toBe(detected.article.version);
  });

  it.each(['', 'x', 'deutsch-deutsch-deutsch', 'de_', 'd e', '\u202ede', `de-${'a'.repeat(40)}`])(
    'is refused when it is no tag: "%s"',
    async (language) => {
      expect(await create({ title: 'Xyzzy', markdown: 'Text', language })).toMatchObject({ code: 'INVALID_INPUT' });
    },
  );
});
