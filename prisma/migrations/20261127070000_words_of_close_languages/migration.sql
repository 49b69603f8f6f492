-- Languages that are close to each other share many words. A shared word that only one of them had spoke for that one, so
-- Norwegian was often taken for Danish or Swedish. Now each has the words that it shares, and more that it alone has.
INSERT INTO language_word (language, word, weight)
SELECT DISTINCT language, word, 0 FROM (VALUES
  ('da no sv', 'barn betyder bil bilen bor bord bordet bort bro bror bygger både dag dagen dansk del delen dem den det
    din du egen eller er fast fem folk folket fredag frisk full få får gjorde glad god går han hans har helt hos
    hunden hus huset ingen jo kan kom kommer kommunen kort landet lever ligger livet med mest min mor museet mål
    natten ned ni norsk ny om onsdag problemet råd sagt sent sjunger skrev skriver små snart sol solen som sov sover
    stor stort stund stå står svensk så tiden tolv torsdag tre tro tror tusen under universitetet vakt var vi vinden
    vinter år året'),
  ('da no', 'alene allerede andre at bare barnet bedre begge bestemt blå bo boliger brev burde by byen bygge bør da
    dagene denne deres derfor dermed dette dog drikke drikker drømme dårlig dårlige elleve ene eneste enhver enige
    enten et far ferie fire fjord fjorden flere fleste for foran fordi forfatteren forrige forstod forstå forstår
    fortalte fra fremtiden føle føler følge følger følte før først første gamle gammel gammelt gang gode godt ham
    havet havnen hele helst her hjem hjemme hjemmet hjertet holde holder huse husene hvem hver hverken hvert hvilke
    hvilken hvilket hvis hvor hvordan hvorfor hvorvidt hånd hånden hår høre hører ikke imidlertid jeg kampen kirke
    kirken komme kommet koster kun kunne landene langs langt lav leve ligge lille lærer lærere lørdag mandag mange
    mener menneske menneskene mennesker mens mente minutter mulig måned måneder måtte møte nord nye når nær ofte og
    også oppe pengene politiet prisene priser prøve prøver regner rundt rød samme sammen samtidig sang seks selv
    selvfølgelig senger siden sine skal skole skolen skoler skrive skulle snakker solgt solgte sommer sommeren sove
    spille spiller spise spiser spiste sted stemmer sterk stod store studerer svar svarer svært synes syv søndag
    søster tale taler ti tidligere til ting tirsdag to utvikling valgte varm ved venter verden verdens vest vil ville
    vinduet vinteren vise viser viste voksen vor vores være været årene øl ønsker øst'),
  ('da sv', 'aldrig blev dig efter ej gav haft hej igen mig nu omkring regeringen rum sig slut sådan'),
  ('no sv', 'alltid av bli blir bodde bok boken bra dit ditt eget ett finner fortsatt gjort gått ha henne hennes heter
    hit inne jobb konserten laget lekt mer minst mitt mot natt nytt oss sa sett sitt sitter skog skogen slott ta tar
    trodde ut ute vet visste'),
  ('da', 'af aften aftenen aftes alligevel altid anden andet arbejde arbejdede arbejder arbejdet bag bedst bedste
    begynde begynder begyndt begyndte beslutning bilerne bjerget blevet blive bliver boede bog bogen boligerne bruge
    bruger brugt burdet byerne bøger bøgerne børn børnehave børnene dage dagenes deraf derefter derhen desuden dreng
    drenge drengen dårligt eftermiddag efterår endnu enkelte fandt fik finde finder firs fortalt fortælle fortæller
    fremad fyrre færdig færdigt færre gennem gik giv give giver grøn gået gælder gør gøre halvfems halvfjerds
    halvtreds havde have hedder hende hendes hernede hinanden hjælp hjælpe hjælper holdet hundrede hvad hvid hvornår
    håbe håber håndværk hændt idet igennem imellem imod ind inde indenfor indtil intet jer jeres kender kendt kendte
    kigger kold kommunerne kunnet kvinde kvinden kvinder køb købe køber købt købte køkken køkkenet køre kører kørte
    lader lavede laver lejlighed lidt lige ligesom længe længere læse læser læste mad mand manden meget mellem mere
    mindst mod muligt månederne måske mænd mændene møde mødet nat nej nemlig nogen nogensinde noget nogle nyt nåede
    næste næsten nødt op os otte overhovedet penge pige pigen piger plads pladsen priserne prøvede rejse rejser rejste
    rigtig rigtigt sagde samarbejde sengen set sidder sidst sidste sige siger sker skete skolerne skoven skullet slot
    smuk smukke smukt sneen sort spurgt spurgte spørge spørger stadig steder svær syd sygehus sygehuset sælge sælger
    søen søger tage tager taget tak talte tilbage tilfreds tilføje toget tredive troede træt tyve tænke tænker tænkte
    ud ude uden udenfor udsigt udvikling uge ugen uger ugerne vand vandet vandt vej veje vejen vejene vejret vide
    vidste villet virkelig voksne vågne vælge vælger åben åbent øjne øjnene'),
  ('no', 'aldri annen annet ansatt ansatte arbeid arbeide arbeidene arbeider arbeidet avgjørelse bak barna barnas
    barnehage bedriften bedrifter begynne begynner begynt begynte bilene ble blei blitt boka boligene bruk bruke
    bruker brukt brukte byene bygd bøkene bøker dager datter deg dere dersom dessuten drar dro eldre elva enda enn
    etter ettermiddag ettersom fant femti ferdig fikk finne finnes fjell fjellet fornøyd forskjellig forsvant fortelle
    forteller fortsette fortsetter framtiden fremdeles fremover frihet førti ga ganger gi gikk gir gitt gjennom gjør
    gjøre grunn gutt gutten guttene gutter hadde hatt hjalp hjelp hjelpe hjelper hodet hundre hva hverandre høsten høy
    høyt igjen informasjon inn innen jenta jente jentene jenter jobbe jobben jobber jobbet kanskje kjenne kjenner
    kjent kjente kjærlighet kjøkken kjøkkenet kjøpe kjøper kjøpt kjøpte kjøre kjører kjørte kommunene kveld kvelden
    kvelder kvinne kvinnen kvinnene kvinner lagde lage leilighet leker lenge lengre lengst leser leste lett liker
    likevel likte litt løp meg mellom menn mennene mulighet muligheter mye måneden månedene møtet navn navnene navnet
    nei neste nesten nitti noe noen noensinde nordmenn norge norske nå nødvendig omtrent opp overhodet penger prøvde
    rakk regjering regjeringen reise reiser reiste rett rettene riktig samarbeid seg seksti selge selger senga sengs
    si sier sikkerhet siste situasjon skje skjedde skjer skjønt skolene slik slutt snakket snø snøen språk språket
    spurt spurte spør spørre spørsmål spørsmålet stasjon sto stortinget svarte sykehus sykehuset syns syntes sytti
    søker takk tatt tenke tenker tenkte tilbake tjue tok treneren trenger trengte tretti trøtt uke uken ukene uker
    utdanning uten utenfor vakker vakkert vann vannet vanskelig vei veien veiene veier veldig velger venn vennene
    ventet virkelighet vite vokser vokste våkne våknet værste vært åpen åpent åpne åpnet åtti ødelagt øker økt øy øya
    øye øyene øyne øynene'),
  ('sv', 'alla alldeles andra arbeta arbetar arbete arbetet att bakom bara barnbarn barnen berätta berättade berättar
    blivit bostad bostäder bredvid brukar bäst bästa bättre båda böcker böckerna börja började börjar dagar dagarna
    dess dessa dessutom detta direkt där därför därmed då dålig eftersom emellertid fanns fick finns fler flera flesta
    flicka flickan flickor flytta fortfarande framför fråga frågade frågan från fått för före först första förstår
    försvann gamla gammal ganska ge genom ger gick gillar gott gå gång gånger gör göra hade hela heller hem hemma
    hittade hjälp hjälpa hjälper hon honom hundar hur huruvida husen hände händer här höger högre hösten i idag igår
    imorgon inga ingenting innan inte iväg jag jobbade jobbar ju kanske klar klart komma kommit kunde kunna kunnat
    kvar kvinna kvinnan kvinnor kvinnorna kväll kvällen kyrka kyrkan kände känna känner kök köket köpa köper köpt
    köpte kör köra körde leka lekte ligga lilla lite liten ljus lyckades lägenhet länge längre lärare läsa läser läste
    lätt låg låter lördag mamma matchen mellan mycket män människa människor människorna månad månader månaderna
    måndag många måste möte mötet ner nya när nästa nästan någon någonstans något några nån nöjd och också ofta ont
    pappa pengar pengarna pojkar pojke pojken priserna på redan resa reser reste rätt sade samma sedan senaste sina
    sista sjuk sjukhus sjukhuset själv sjö sjön ska skall skola skolan skolor skolorna skriva slutade sommar sommaren
    sova spela spelade spelar springer stad staden stora stänger större svenska sverige svår svårt säga säger sängen
    sängs sätt söndag tack till tillbaka tillsammans timmar tisdag trött tycker tyckte tyvärr tänka tänker tänkte upp
    uppe ur utan utanför vad vaknade vara varför varit varje varma vatten vattnet vecka veckan veckor vem verkligen
    veta vid vilja vilken vilket vill väg vägar vägen vägrar väl vän vänner väntar värld världen växer vår våra äldre
    än ändå ännu är äta äter även åka åker åren åt åter ögon ögonen ökar ökat ön öppen öppet öppna öppnar över'),
  ('da de nl no', 'alle morgen'),
  ('da de nl no sv', 'ja'),
  ('da de no', 'lese'),
  ('da de no sv', 'hund'),
  ('da es no pt sv', 'se ser'),
  ('da nl no', 'hun'),
  ('da nl sv', 'regering'),
  ('da no pt', 'disse'),
  ('de', 'abend arbeit arbeitet beginnt buch bücher danke essen frau frauen freunde garten geht gekauft gern gestern
    glücklich hatte heute kinder küche lange leben lebt lesen liebt liegt menschen monat monate männer preise
    regierung sagen schlafen schläft schnell schreibt schule schön spielen spielt spricht steigen steigt straße tisch
    trinken trinkt viel wasser wetter woche wohnen wohnt wurde'),
  ('de nl', 'acht alles als ander andere anders beginnen beide der die geld hier je kind mag niemand noch vier waren
    warm was weg werden wie worden'),
  ('de no', 'mann'),
  ('es', 'agua ahora anunció artículo aunque ayer años bajo bueno calle ciudad coche comienza compró cosas crecer
    cuando después dijo dinero donde el ella empieza escuela español estudiantes familia frío fue fueron gobierno
    gracias gusta gustan hacia hasta hecho hermana hermano hijo hijos hizo hombre hoy iglesia interesante juegan juego
    jugar las leer libros llegó lleva lluvia los luego madre mañana mejor mientras mujer mujeres muy ninguna niña
    niñas niño niños noche nuestra nuestro nueva nuevas nuevo nuevos otra padre película pero perro personas playa
    precios primer pueblo puede pueden queso quiere quiero según siempre subido también tenemos tiempo tiene tienen
    trabaja trabajan trabajo usted vecinos viaje viven viviendas y yo'),
  ('es pt', 'acerca algo ambas amigo amigos antes cada calor carta casa cerca comer como compramos contra desde
    deveria dormir durante entre era esta estado estar este está falta favor forma gente grande grandes grupo hora
    horas igual lugar mal mar me medidas mercado mesa meses mundo nada no nos nunca número para parece parque parte
    partir podemos poder podia por porque problema que sabe semana seria sobre tal tarde te toda todas todo todos tu
    usar uso vez vida vive última'),
  ('nl', 'avond bedankt begint boek boeken dan drinken drinkt eten gaan gaat gekocht gelukkig gemaakt gewoon gezegd
    gisteren graag het hond honden houdt huis kat keuken kinderen komt kon leeft lees leest leven lezen ligt maand
    maanden mensen mooi mooie naar prijs prijzen schrijft slaapt slapen snel speelt spelen spreekt stijgen stijgt
    straat straks tafel tuin uren uur vandaag veel vrienden vrouw vrouwen wat weer werd werkt wonen woont zijn'),
  ('nl no sv', 'mannen'),
  ('pt', 'agora ainda algum amanhã ano anos anunciou aquela artigo até bem bom brincam brincar cachorro carro chegou
    chuva cidade coisas começa comprou criança crianças cão depois deve dinheiro dos ela ele eles embora enquanto
    escola estudantes eu família fazer fez filho filhos foram frio gosta gostam gosto governo hoje homem igreja
    interessante irmã irmão jogar jogo ler leva livro livros logo melhor menina meninas menino meninos meu meus minha
    minhas mora moram muito mulher mulheres mãe noite nossa nosso nova novas novo novos obrigado onde ontem outro pai
    pode podem povo praia preços pão quando quatro queijo quem quero rua segundo sem sempre subiram também tem temos
    trabalha trabalham trabalho tudo têm uma viagem vivem vizinhos você água')
) listed(languages, words), string_to_table(languages, ' ') AS language, string_to_table(regexp_replace(words, '\s+', ' ', 'g'), ' ') AS word
ON CONFLICT DO NOTHING;

UPDATE language_word w SET weight = 1.0 / languages
FROM (SELECT word, count(*) AS languages FROM language_word GROUP BY word) c WHERE c.word = w.word;

ANALYZE language_word;

-- Topics and authors are few. A job detects the languages of articles and comments again and computes their search documents, while
-- the gateway answers.
SELECT count(search_document_put(topic_document(topic))) FROM topic;
SELECT count(search_document_put(author_document(author))) FROM author WHERE kind <> 'GUEST' OR article_count > 0;
INSERT INTO search_rebuild (article_id) SELECT id FROM article ON CONFLICT (article_id) DO UPDATE SET after_id = 0;
