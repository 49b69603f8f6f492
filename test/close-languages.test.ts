import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verify } from '../src/database/derived/verify.ts';
import { migrate } from '../src/database/migrate/migrate.ts';
import { readMigrations } from '../src/database/migrate/migration-files.ts';
import { projectRoot } from '../src/root.ts';
import { createEmptyDatabase } from './database.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

/** Ordinary sentences of languages that share many words. */
const SENTENCES: Record<string, string[]> = {
  no: [
    'Jeg liker å lese bøker om kvelden.',
    'Han kom hjem sent og gikk rett til sengs.',
    'Regjeringen vil bruke mer penger på skoler neste år.',
    'Det er mange som ikke vet hva de skal gjøre.',
    'Etter møtet dro vi ned til havnen for å spise.',
    'Hun fortalte at barna hadde lekt ute hele dagen.',
    'Prisene på boliger har økt mye de siste månedene.',
    'Været ble dårlig, så vi måtte snu på veien.',
    'Fjellet er vakkert når snøen ligger på toppen.',
    'Kan du si meg hvor lenge butikken er åpen?',
    'Politiet leter fortsatt etter mannen som forsvant fra hjemmet sitt i går kveld.',
    'Kommunen bygger en ny bro over elva, og arbeidet skal være ferdig til høsten.',
    'Forfatteren skriver om en jente som vokser opp på en øy langt mot nord.',
    'Vi har ikke råd til å reise noe sted i sommer.',
    'Laget vant kampen med to mål, men treneren var likevel ikke fornøyd.',
  ],
  da: [
    'Jeg kan godt lide at læse bøger om aftenen.',
    'Han kom sent hjem og gik lige i seng.',
    'Regeringen vil bruge flere penge på skoler næste år.',
    'Der er mange, som ikke ved, hvad de skal gøre.',
    'Efter mødet tog vi ned til havnen for at spise.',
    'Hun fortalte, at børnene havde leget ude hele dagen.',
    'Priserne på boliger er steget meget de sidste måneder.',
    'Vejret blev dårligt, så vi måtte vende om på vejen.',
    'Bjerget er smukt, når sneen ligger på toppen.',
    'Kan du sige mig, hvor længe butikken har åbent?',
    'Politiet leder stadig efter manden, som forsvandt fra sit hjem i går aftes.',
    'Kommunen bygger en ny bro over åen, og arbejdet skal være færdigt til efteråret.',
    'Forfatteren skriver om en pige, der vokser op på en ø langt mod nord.',
    'Vi har ikke råd til at rejse nogen steder i sommer.',
    'Holdet vandt kampen med to mål, men træneren var alligevel ikke tilfreds.',
  ],
  sv: [
    'Jag tycker om att läsa böcker på kvällen.',
    'Han kom hem sent och gick direkt till sängs.',
    'Regeringen vill satsa mer pengar på skolor nästa år.',
    'Det finns många som inte vet vad de ska göra.',
    'Efter mötet gick vi ner till hamnen för att äta.',
    'Hon berättade att barnen hade lekt ute hela dagen.',
    'Priserna på bostäder har ökat mycket de senaste månaderna.',
    'Vi har inte råd att resa någonstans i sommar.',
    'Kommunen bygger en ny bro, och arbetet ska vara klart till hösten.',
    'Laget vann matchen med två mål.',
    'Polisen letar fortfarande efter mannen som försvann i går.',
    'Hon studerar på universitetet i Lund.',
  ],
  es: [
    'No me gusta la casa donde viven.',
    'Los precios de las viviendas han subido mucho este año.',
    'El gobierno anunció nuevas medidas para la economía.',
    'Me gusta leer por la noche antes de dormir.',
    'Ella trabaja en una escuela cerca de la playa.',
    'Todos los niños juegan en el parque.',
  ],
  pt: [
    'Ela trabalha numa escola perto da praia.',
    'Os preços das casas subiram muito este ano.',
    'O governo anunciou novas medidas para a economia.',
    'Gosto de ler de noite antes de dormir.',
    'Todas as crianças brincam no parque.',
    'Meu pai comprou um carro novo para a viagem.',
  ],
  de: [
    'Der Hund liegt unter dem Tisch.',
    'Er hat gestern ein Buch gekauft.',
    'Die Preise in der Stadt steigen weiter.',
    'Am Abend lese ich gern.',
    'Das Wasser war warm.',
    'Die Kinder spielen im Garten.',
  ],
  nl: [
    'De hond ligt onder de tafel.',
    'Hij heeft gisteren een boek gekocht.',
    'De prijzen in de stad stijgen verder.',
    'Ik lees graag in de avond.',
    'Het water was warm.',
    'De kinderen spelen in de tuin.',
  ],
};

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

describe('a sentence of a language beside one that is close to it', () => {
  it.each(Object.entries(SENTENCES))('is detected: %s', async (language, sentences) => {
    const { rows } = await gateway.sql.query<{ sentence: string; detected: string }>(
      `SELECT sentence, search_detect(sentence, 'en', 0.2) AS detected FROM unnest($1::text[]) AS sentence`,
      [sentences],
    );
    expect(rows).toEqual(sentences.map((sentence) => ({ sentence, detected: language })));
  });
});

describe('a word that several languages have', () => {
  it('weighs the same in each of them, and less the more there are', async () => {
    const { rows } = await gateway.sql.query(
      `SELECT word FROM (SELECT word, weight, count(*) OVER (PARTITION BY word) AS languages FROM language_word) w
       WHERE weight <> (1.0 / languages)::real`,
    );
    expect(rows).toEqual([]);
  });
});

it('existing articles and comments whose language was another are found by the stems of theirs after an upgrade', async () => {
  const { url, drop } = await createEmptyDatabase();
  const former = await mkdtemp(join(tmpdir(), 'broadsheet-migrations-'));
  const directory = join(projectRoot, 'prisma', 'migrations');
  for (const { name } of await readMigrations(directory))
    if (name < '20261127070000') await cp(join(directory, name), join(former, name), { recursive: true });
  const sql = new pg.Client({ connectionString: url });
  const languages = async () =>
    (
      await sql.query(
        `SELECT language FROM search_document WHERE kind = 'article' UNION ALL SELECT language FROM search_comment`,
      )
    ).rows.map(({ language }) => language);
  try {
    await migrate(url, { directory: former });
    await sql.connect();
    const [title, text] = [SENTENCES.no![7]!, SENTENCES.no![0]!];
    await write(sql, {
      authors: [{ id: 1, name: 'Zoë' }],
      articles: [{ id: 1, title, text }],
      comments: [{ id: 1, article: 1 }],
    });
    expect(await languages()).toEqual(['da', 'da']);
    await migrate(url);
    for (let isDone = false; !isDone; )
      isDone = (await sql.query<{ done: number }>('SELECT search_rebuild_some(300) AS done')).rows[0]!.done === 0;
    expect(await languages()).toEqual(['no', 'no']);
    expect(await verify({ url, repair: false })).toEqual([]);
  } finally {
    await sql.end();
    await drop();
    await rm(former, { recursive: true });
  }
});
