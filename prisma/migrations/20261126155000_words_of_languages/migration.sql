-- By these words and letters the language of a text is detected. Most words are from stopwords-iso, under the MIT licence
-- (https://github.com/stopwords-iso/stopwords-iso, copyright 2016 Gene Diaz).
CREATE TABLE "language_word" (
    "word" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "weight" REAL NOT NULL,

    CONSTRAINT "language_word_pkey" PRIMARY KEY ("word","language")
);

INSERT INTO language_word (language, word, weight)
-- A word that many languages have says little.
SELECT language, word, 1.0 / count(*) OVER (PARTITION BY word)
FROM (SELECT DISTINCT language, word FROM (VALUES
  ('cs', 'a aby ahoj aj ale anebo ani aniž ano asi aspoň atd atp az ačkoli až bez beze blízko bohužel brzo bude budem budeme
    budes budete budeš budou budu by byl byla byli bylo byly bys byt být během chce chceme chcete chceš chci chtít chtějí
    chuti ci clanek clanku clanky co coz což cz daleko dalsi další den deset design devatenáct devět dnes do dobrý docela
    dva dvacet dvanáct dvě dál dále děkovat děkujeme děkuji dům email ho hodně i jak jakmile jako jakož jde je jeden
    jedenáct jedna jedno jednou jedou jeho jehož jej jeji jejich její jelikož jemu jen jenom jenž jeste jestli jestliže
    ještě jež ji jich jimi jinak jine jiné jiz již jsem jses jseš jsi jsme jsou jste já jí jím jíž jšte k kam každý kde
    kdo kdy kdyz když ke kolik kromě ktera ktere kteri kterou ktery která které který kteři kteří ku kvůli let ma mají
    malý mate me mezi mi mit mne mnou mně moc mohl mohou moje moji možná muj musí muze my má málo mám máme máte máš mé mí
    mít mě město můj může na nad nade nam napiste napište naproti nas nasi načež naše naši ne nebo nebyl nebyla nebyli
    nebyly nechť nedělají nedělá nedělám neděláme neděláte neděláš neg nejsi nejsou nemají nemáme nemáte neměl neni není
    nestačí nevadí nez než nic nich nimi nove novy nové nový nula ná nám námi nás náš ní ním ně něco nějak někde někdo
    němu němuž o od ode on ona oni ono ony osm osmnáct pak patnáct po pod podle pokud potom pouze pozdě pořád prave pravé
    pred pres pri pro proc prostě prosím proti proto protoze protože proč prvni první práve pta pět před přede přes přese
    při přičemž re rovně s se sedm sedmnáct si sice skoro smí smějí snad spolu sta starý sto strana sté sve svych svym
    svymi své svých svým svými svůj ta tady tak take takhle taky takze také takže tam tamhle tamhleto tamto tato te tebe
    tebou tedy tema ten tento teto ti tim timto tipy tisíc tisíce to tobě tohle toho tohoto tom tomto tomu tomuto toto
    trošku tu tuto tvoje tvá tvé tvůj ty tyto téma této tím tímto tě těm těma těmu třeba tři třináct u určitě uz už v vam
    vas vase vaše vaši ve vedle velký večer vice vlastně vsak vy vám vámi vás váš více však všechen všechno všichni vůbec
    vždy z za zatímco zač zda zde ze zpet zpravy zprávy zpět čau či článek článku články čtrnáct čtyři šest šestnáct že'),
  ('da', 'ad af aldrig alle alt anden andet andre at bare begge blev blive bliver by da de dem den denne der deres det dette dig
    din dine disse dit dog du efter ej eller en end ene eneste enhver er et far fem fik fire flere fleste folk for fordi
    forrige fra få får før gamle god godt ham han hans har havde have hej helt hende hendes her hos hun hus hvad hvem hver
    hvilken hvis hvor hvordan hvorfor hvornår i ikke ind ingen intet ja jeg jer jeres jo kan kom komme kommer kun kunne
    lad lav lidt lige lille man mand mange med meget men mens mere mig min mine mit mod må ned nej ni nogen noget nogle nu
    ny nye nyt når nær næste næsten og også okay om op os otte over på se seks selv ser ses sig sige sin sine sit skal
    skulle små som stor store syv så sådan tag tage thi ti til to tre ud under var ved vi vil ville vor vores være været
    år'),
  ('de', 'ab aber ach acht achte achten achter achtes ag alle allein allem allen aller allerdings alles allgemeinen als also
    alte am an ander andere anderem anderen anderer anderes anderm andern anderr anders au auch auf aus ausser ausserdem
    außer außerdem bald bei beide beiden beim beispiel bekannt bereits besonders besser besten bin bis bisher bist da
    dabei dadurch dafür dagegen daher dahin dahinter damals damit danach daneben dank dann daran darauf daraus darf darfst
    darin darum darunter darüber das dasein daselbst dass dasselbe davon davor dazu dazwischen daß dein deine deinem
    deinen deiner deines dem demgegenüber demgemäss demgemäß demselben demzufolge den denen denn denselben der deren derer
    derjenige derjenigen dermassen dermaßen derselbe derselben des deshalb desselben dessen deswegen dich die diejenige
    diejenigen dies diese dieselbe dieselben diesem diesen dieser dieses dir doch dort drei drin dritte dritten dritter
    drittes du durch durchaus durfte durften dürfen dürft eben ebenso ehrlich ei eigen eigene eigenen eigener eigenes ein
    einander eine einem einen einer eines einig einige einigem einigen einiger einiges einmal eins elf en ende endlich
    entweder er ernst erst erste ersten erster erstes es etwa etwas euch euer eure eurem euren eurer eures folgende früher
    fünf fünfte fünften fünfter fünftes für gab ganz ganze ganzen ganzer ganzes gar gedurft gegen gegenüber gehabt gehen
    geht gekannt gekonnt gemacht gemocht gemusst genug gerade gern gesagt geschweige gewesen gewollt geworden gibt ging
    gleich gott gross grosse grossen grosser grosses groß große großen großer großes gut gute guter gutes hab habe haben
    habt hast hat hatte hatten hattest hattet haus heisst her heute hier hin hinter hoch hätte hätten ich ihm ihn ihnen
    ihr ihre ihrem ihren ihrer ihres im immer in indem ins irgend ist ja jahr jahre jahren je jede jedem jeden jeder
    jedermann jedermanns jedes jedoch jemand jemandem jemanden jene jenem jenen jener jenes jetzt kam kann kannst kaum
    kein keine keinem keinen keiner keines kleine kleinen kleiner kleines kommen kommt konnte konnten kurz können könnt
    könnte lang lange leicht leide leute lieber los machen macht machte mag magst mahn mal man manche manchem manchen
    mancher manches mann mehr mein meine meinem meinen meiner meines mensch menschen mich mir mit mittel mochte mochten
    morgen muss musst musste mussten muß mußt möchte mögen möglich mögt müssen müsst müßt na nach nachdem nahm natürlich
    neben nein neue neuen neun neunte neunten neunter neuntes nicht nichts nie niemand niemandem niemanden noch nun nur ob
    oben oder offen oft ohne ordnung recht rechte rechten rechter rechtes richtig rund sa sache sagt sagte sah satt
    schlecht schluss schon sechs sechste sechsten sechster sechstes sehr sei seid seien sein seine seinem seinen seiner
    seines seit seitdem selbst sich sie sieben siebente siebenten siebenter siebentes sind so solang solche solchem
    solchen solcher solches soll sollen sollst sollt sollte sollten sondern sonst soweit sowie später stadt startseite
    statt steht suche tag tage tagen tat teil tel tritt trotzdem tun uhr um und uns unse unsem unsen unser unsere unserer
    unses unter vergangenen viel viele vielem vielen vielleicht vier vierte vierten vierter viertes vom von vor wahr wann
    war waren warst wart warum was weg wegen weil weit weiter weitere weiteren weiteres welche welchem welchen welcher
    welches wem wen wenig wenige weniger weniges wenigstens wenn wer werde werden werdet weshalb wessen wie wieder wieso
    will willst wir wird wirklich wirst wissen wo woher wohin wohl wollen wollt wollte wollten worden wurde wurden während
    währenddem wäre würde würden zehn zehnte zehnten zehnter zehntes zeit zu zuerst zugleich zum zunächst zur zurück
    zusammen zwanzig zwar zwei zweite zweiten zweiter zweites zwischen zwölf über überhaupt übrigens'),
  ('en', 'a able ableabout about above abroad abst accordance according accordingly across actually added adopted affected
    affecting affects after afterwards again against ahead aint all allow allows almost alone along alongside already
    although always am amid amidst among amongst amoungst amount an and announce another any anybody anyhow anymore anyone
    anything anyway anyways anywhere apart apparently appear appreciate appropriate are area areas aren arent arise around
    arpa as aside asked asking asks associated at auth available away awfully back backed backing backs backward backwards
    be became because become becomes becoming been before beforehand began begin beginning beginnings begins behind being
    beings believe below beside besides best better between beyond big bill billion biol both bottom brief briefly but by
    call came can cannot cant caption case cases cause causes certainly changes city clear clearly click cmon comes
    computer concerning consequently consider considering contain containing contains copy could couldn couldnt course
    currently dare darent date day dear definitely describe described despite detail did didn didnt differ differently
    directly do does doesn doesnt doing don done doubtful down downed downing downs downwards during each early effect
    eight eighty either eleven else elsewhere empty ended ending ends enough entirely especially evenly ever evermore
    every everybody everyone everything everywhere exactly example except faces fact facts fairly farther felt few fewer
    fifteen fifth fifty fify fill find finds first five followed following follows for forever former formerly forth forty
    forward found four free from front full fully further furthered furthering furthermore furthers gave generally gets
    getting give given gives giving goes going gone good goods gotten great greater greatest greetings group grouped
    grouping groups had hadnt half happens hardly has hasn hasnt have haven havent having he hell hello help hence her
    here hereafter hereby herein heres hereupon hers herself high higher highest him himself his hither home homepage
    hopefully house how howbeit however html http hundred i if ignored immediate immediately importance important in
    inasmuch indeed index indicate indicated indicates information inner inside insofar instead interest interested
    interesting interests into invention inward is isnt it itll its itself join just keep keeps kept keys kind knew know
    known knows large largely last lately latest latter latterly least length less lest lets liked likely likewise line
    little long longer longest look looking looks lower made mainly make makes making many maybe maynt me mean means
    meantime meanwhile member members merely microsoft might mightnt mill million minus more moreover most mostly move
    msie much must mustnt my myself name namely near nearly necessarily necessary need needed needing neednt needs neither
    netscape never neverf neverless nevertheless new newer newest news next nine ninety no nobody none nonetheless noone
    nor normally not noted nothing novel now nowhere null number numbers obtain obtained obviously of off often old older
    oldest omitted on once ones only onto open opened opening opens opposite or order ordered ordering orders other others
    otherwise ought oughtnt our ours ourselves out outside over overall owing own page pages parted particular
    particularly parting parts past people perhaps place placed places please pmid point pointed pointing points poorly
    possibly potentially present presented presenting presents presumably previously primarily probably problem problems
    promptly proud provided provides puts quickly quite rather readily really reasonably recently refs regarding
    regardless regards related relatively research reserved respectively resulted resulting results right ring room rooms
    round said same saying says second secondly seconds section seeing seem seemed seeming seems seen sees self selves
    sensible serious seriously seven seventy several shall shant she shed shell shes should shouldn shouldnt show showed
    showing shown showns shows side sides significant similar similarly since sincere site sixty slightly small smaller
    smallest so some somebody someday somehow someone somethan something sometime sometimes somewhat somewhere soon sorry
    specifically specified specify specifying states still strongly successfully such sufficiently suggest sure system
    taken taking tell tends test text than thank thanks thanx that thatll thats thatve the their theirs them themselves
    then thence there thereafter thereby thered therefore therein therell thereof therere theres thereto thereupon thereve
    these they theyd theyll theyre theyve thick thin thing things think thinks third thirty this thorough thoroughly those
    thou though thoughh thought thoughts thousand three throug through throughout thru thus time to today together too
    took toward towards tried tries trillion truly trying turn turned turning turns twas twelve twenty twice under
    underneath undoing unless unlike unlikely until unto up upon upwards used useful usefully usefulness uses using
    usually uucp value various versus very vols wanted wanting wants was wasn wasnt ways we webpage website welcome well
    wells went were weren werent weve what whatll whats whatve when whence whenever where whereafter whereas whereby
    wherein wheres whereupon wherever whether which whichever while whilst whim whither who whod whoever whole wholl whom
    whomever whos whose why widely width will willing wish with within without wonder wont words work worked working works
    world would wouldn wouldnt year years you youd youll young younger youngest your youre yours yourself yourselves youve'),
  ('es', 'a actualmente acuerdo adelante ademas además adrede afirmó agregó ahi ahora ahí al algo alguna algunas alguno algunos
    algún alli allí alrededor ambos ampleamos antano antaño ante anterior antes apenas aquel aquella aquellas aquello
    aquellos aqui aquél aquélla aquéllas aquéllos aquí arriba arribaabajo aseguró asi así atras aun aunque ayer añadió
    años aún bajo bastante bien breve buen buena buenas bueno buenos cada casa casi cerca cierta ciertas cierto ciertos
    cinco ciudad claro comentó como con conmigo conocer conseguimos conseguir considera consideró consigo consigue
    consiguen consigues contigo contra cosas creo cual cuales cualquier cuando cuanta cuantas cuanto cuantos cuatro cuenta
    cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo da dado dan dar de debajo debe deben debido decir dejó del
    delante demasiado demás dentro deprisa desde despacio despues después detras detrás dia dias dice dicen dicho dieron
    diferente diferentes dijeron dijo dio donde dos durante día días dónde e ejemplo el ella ellas ello ellos embargo
    empleais emplean emplear empleas empleo en encima encuentra enfrente enseguida entonces entre era erais eramos eran
    eras eres es esa esas ese eso esos esta estaba estabais estaban estabas estad estada estadas estado estados estais
    estamos estan estando estar estaremos estará estarán estarás estaré estaréis estaría estaríais estaríamos estarían
    estarías estas este estemos esto estos estoy estuve estuviera estuvierais estuvieran estuvieras estuvieron estuviese
    estuvieseis estuviesen estuvieses estuvimos estuviste estuvisteis estuviéramos estuviésemos estuvo está estábamos
    estáis están estás esté estéis estén estés ex excepto existe existen explicó expresó fin final fue fuera fuerais
    fueran fueras fueron fuese fueseis fuesen fueses fui fuimos fuiste fuisteis fuéramos fuésemos general gente gran
    grandes gueno ha haber habia habida habidas habido habidos habiendo habla hablan habremos habrá habrán habrás habré
    habréis habría habríais habríamos habrían habrías habéis había habíais habíamos habían habías hace haceis hacemos
    hacen hacer hacerlo haces hacia haciendo hago han has hasta hay haya hayamos hayan hayas hayáis he hecho hemos
    hicieron hizo horas hoy hube hubiera hubierais hubieran hubieras hubieron hubiese hubieseis hubiesen hubieses hubimos
    hubiste hubisteis hubiéramos hubiésemos hubo igual incluso indicó informo informó intenta intentais intentamos
    intentan intentar intentas intento ir junto la lado largo las le lejos les llegó lleva llevar lo los luego lugar mal
    manera manifestó mas mayor me mediante medio mejor mencionó menos menudo mi mia mias mientras mio mios mis misma
    mismas mismo mismos modo momento mucha muchas mucho muchos muy más mí mía mías mío míos nada nadie ni ninguna ningunas
    ninguno ningunos ningún no nos nosotras nosotros nuestra nuestras nuestro nuestros nueva nuevas nuevo nuevos nunca o
    ocho os otra otras otro otros pais para parece parte partir pasada pasado paìs peor pero pesar poca pocas poco pocos
    podeis podemos poder podria podriais podriamos podrian podrias podrá podrán podría podrían poner por porque posible
    primer primera primero primeros pronto propia propias propio propios proximo próximo próximos pudo pueda puede pueden
    puedo pues qeu que quedó queremos quien quienes quiere quiza quizas quizá quizás quién quiénes qué raras realizado
    realizar realizó repente respecto sabe sabeis sabemos saben saber sabes sal salvo se sea seamos sean seas segun
    segunda segundo según seis sentid sentida sentidas sentido sentidos ser sera seremos será serán serás seré seréis
    sería seríais seríamos serían serías seáis señaló si sido siempre siendo siente siete sigue siguiente sin sino
    sintiendo sobre sois sola solamente solas solo solos somos son soy soyos su supuesto sus suya suyas suyo suyos sé sí
    sólo tal tambien también tampoco tan tanto tarde te temprano tendremos tendrá tendrán tendrás tendré tendréis tendría
    tendríais tendríamos tendrían tendrías tened teneis tenemos tener tenga tengamos tengan tengas tengo tengáis tenida
    tenidas tenido tenidos teniendo tenéis tenía teníais teníamos tenían tenías tercera ti tiempo tiene tienen tienes toda
    todas todavia todavía todo todos total trabaja trabajais trabajamos trabajan trabajar trabajas trabajo tras trata
    través tres tu tus tuve tuviera tuvierais tuvieran tuvieras tuvieron tuviese tuvieseis tuviesen tuvieses tuvimos
    tuviste tuvisteis tuviéramos tuviésemos tuvo tuya tuyas tuyo tuyos tú u ultimo un una unas uno unos usa usais usamos
    usan usar usas uso usted ustedes va vais valor vamos van varias varios vaya veces ver verdad verdadera verdadero vez
    vosostras vosostros vosotras vosotros voy vuestra vuestras vuestro vuestros y ya yo él éramos ésa ésas ése ésos ésta
    éstas éste éstos última últimas último últimos'),
  ('fi', 'aiemmin aika aikaa aikaan aikaisemmin aikaisin aikajen aikana aikoina aikoo aikovat aina ainakaan ainakin ainoa ainoat
    aiomme aion aiotte aist aivan ajan alas alemmas alkuisin alkuun alla alle aloitamme aloitan aloitat aloitatte
    aloitattivat aloitettava aloitettu aloitimme aloitin aloitit aloititte aloittaa aloittamatta aloitti aloittivat alta
    aluksi alussa alusta annettavaksi annetteva annettu ansiosta antaa antamatta antoi aoua apu asia asiaa asian asiasta
    asiat asioiden asioihin asioita asti avuksi avulla avun avutta edelle edelleen edellä edeltä edemmäs edes edessä
    edestä ehkä ei eikä eilen eivät eli ellei elleivät ellemme ellen ellet ellette emme en enemmän eniten ennen ensi
    ensimmäinen ensimmäisen ensimmäisenä ensimmäiset ensimmäisinä ensimmäisiä ensimmäistä ensin entinen entisen entisiä
    entisten entistä enää eri erittäin erityisesti eräiden eräs eräät esi esiin esillä esimerkiksi et eteen etenkin etessa
    ette ettei että haikki halua haluaa haluamatta haluamme haluan haluat haluatte haluavat halunnut halusi halusimme
    halusin halusit halusitte halusivat halutessa haluton he hei heidän heidät heihin heille heillä heiltä heissä heistä
    heitä helposti heti hetkellä hieman hitaasti hoikein huolimatta huomenna hyvien hyviin hyviksi hyville hyviltä hyvin
    hyvinä hyvissä hyvistä hyviä hyvä hyvät hyvää hän häneen hänelle hänellä häneltä hänen hänessä hänestä hänet häntä
    ihan ilman ilmeisesti itse itsensä itseään ja jo johon joiden joihin joiksi joilla joille joilta joina joissa joista
    joita joka jokainen jokin joko joksi joku jolla jolle jolloin jolta jompikumpi jona jonka jonkin jonne joo jopa jos
    joskus jossa josta jota jotain joten jotenkin jotenkuten jotka jotta jouduimme jouduin jouduit jouduitte joudumme
    joudun joudutte joukkoon joukossa joukosta joutua joutui joutuivat joutumaan joutuu joutuvat juuri jälkeen jälleen jää
    kahdeksan kahdeksannen kahdella kahdelle kahdelta kahden kahdessa kahdesta kahta kahteen kai kaiken kaikille kaikilta
    kaikkea kaikki kaikkia kaikkiaan kaikkialla kaikkialle kaikkialta kaikkien kaikkin kaksi kannalta kannattaa kanssa
    kanssaan kanssamme kanssani kanssanne kanssasi kauan kauemmas kaukana kaupunki kautta kehen keiden keihin keiksi
    keille keillä keiltä keinä keissä keistä keitten keittä keitä keneen keneksi kenelle kenellä keneltä kenen kenenä
    kenessä kenestä kenet kenettä kennessästä kenties kerran kerta kertaa keskellä kesken keskimäärin ketkä ketä kiitos
    kohti koko kokonaan kolmas kolme kolmen kolmesti koska koskaan kovin kuin kuinka kuinkan kuitenkaan kuitenkin kuka
    kukaan kukin kukka kumpainen kumpi kumpikaan kumpikin kun kuten kuuden kuusi kuutta kylliksi kyllä kymmenen kyse liian
    liki lisäksi lisää lla luo luona lähekkäin lähelle lähellä läheltä lähemmäs lähes lähinnä lähtien läpi mahdollista me
    meidän meidät meihin meille meillä meiltä meissä meistä meitä melkein melko menee meneet menemme menen menet menette
    menevät meni menimme menin menit menivät mennessä mennyt menossa mihin mikin miksi mikä mikäli mikään mille milloin
    milloinkan millä miltä minkä minne minua minulla minulle minulta minun minussa minusta minut minuun minä missä mistä
    miten mitkä mitä mitään moi molemmat mones monesti monet moni moniaalla moniaalle moniaalta monta muassa muiden muita
    muka mukaan mukaansa mukana mutta muu muualla muualle muualta muuanne muulloin muun muut muuta muutama muutaman muuten
    myöhemmin myös myöskin myöskään myötä ne neljä neljän neljää niiden niihin niiksi niille niillä niiltä niin niinä
    niissä niistä niitä noiden noihin noiksi noilla noille noilta noin noina noissa noista noita nopeammin nopeasti
    nopeiten nro nuo nyt näiden näihin näiksi näille näillä näiltä näin näinä näissä näissähin näissälle näissältä
    näissästä näistä näitä nämä ohi oikea oikealla oikein ole olemme olen olet olette oleva olevan olevat oli olimme olin
    olisi olisimme olisin olisit olisitte olisivat olit olitte olivat olla olleet olli ollut oma omaa omaan omaksi omalle
    omalta oman omassa omat omia omien omiin omiksi omille omilta omissa omista on onkin onko ovat paikoittain paitsi
    pakosti paljon paremmin parempi parhaillaan parhaiten perusteella peräti pian pieneen pieneksi pienelle pienellä
    pieneltä pienempi pienestä pieni pienin poikki puolesta puolestaan päälle runsaasti saakka sadam sama samaa samaan
    samalla samallalta samallassa samallasta saman samat samoin sata sataa satojen se seitsemän sekä sen seuraavat siellä
    sieltä siihen siinä siis siitä sijaan siksi sille silloin sillä silti siltä sinne sinua sinulla sinulle sinulta sinun
    sinussa sinusta sinut sinuun sinä sisäkkäin sisällä siten sitten sitä ssa sta suoraan suuntaan suuren suuret suuri
    suuria suurin suurten taa taas taemmas tahansa tai takaa takaisin takana takia tallä talo tapauksessa tarpeeksi
    tavalla tavoitteena te teidän teidät teihin teille teillä teiltä teissä teistä teitä tietysti todella toinen toisaalla
    toisaalle toisaalta toiseen toiseksi toisella toiselle toiselta toisemme toisen toisensa toisessa toisesta toista
    toistaiseksi toki tosin tuhannen tuhat tule tulee tulemme tulen tulet tulette tulevat tulimme tulin tulisi tulisimme
    tulisin tulisit tulisitte tulisivat tulit tulitte tulivat tulla tulleet tullut tuntuu tuo tuohon tuoksi tuolla tuolle
    tuolloin tuolta tuon tuona tuonne tuossa tuosta tuota tuotä tuskin tykö tähän täksi tälle tällä tällöin tältä tämä
    tämän tänne tänä tänään tässä tästä täten tätä täysin täytyvät täytyy täällä täältä ulkopuolella usea useasti
    useimmiten usein useita uudeksi uudelleen uuden uudet uusi uusia uusien uusinta uuteen uutta vaan vahemmän vai
    vaiheessa vaikea vaikean vaikeat vaikeilla vaikeille vaikeilta vaikeissa vaikeista vaikka vain vanha varmasti varsin
    varsinkin varten vasen vasenmalla vasta vastaan vastakkain vastan verran vielä vierekkäin vieressä vieri viiden viime
    viimeinen viimeisen viimeksi viisi voi voidaan voimme voin voisi voit voitte voivat vuoden vuoksi vuosi vuosien
    vuosina vuotta vähemmän vähintään vähiten vähän välillä yhdeksän yhden yhdessä yhteen yhteensä yhteydessä yhteyteen
    yhtä yhtäälle yhtäällä yhtäältä yhtään yhä yksi yksin yksittäin yleensä ylemmäs yli ylös ympäri älköön älä'),
  ('fr', 'a abord absolument afin ah ai aie aient aies ailleurs ainsi ait allaient allo allons allô alors ans anterieur
    anterieure anterieures apres après as assez attendu au aucun aucune aucuns aujourd aupres auquel aura aurai auraient
    aurais aurait auras aurez auriez aurions aurons auront aussi autant autre autrefois autrement autres autrui aux
    auxquelles auxquels avaient avais avait avant avec avez aviez avions avoir avons ayant ayante ayantes ayants ayez
    ayons bah bas basee bat beau beaucoup bien bigre bon boum bravo brrr car ce ceci cela celle celles celui celà cent
    cependant certain certaine certaines certains certes ces cet cette ceux chacun chacune chaque cher chers chez chiche
    chut chère chères ci cinq cinquantaine cinquante cinquantième cinquième clac clic combien comme comment comparable
    comparables compris concernant contre couic crac da dans de debout dedans dehors deja delà depuis dernier derniere
    derriere derrière des desormais desquelles desquels dessous dessus deux deuxième deuxièmement devant devers devra
    devrait different differentes differents différent différente différentes différents dire directe directement dit dite
    dits divers diverse diverses dix dixième doit doivent donc dont dos douze douzième dring droite du duquel durant dès
    début désormais effet egale egalement egales eh elle elles en encore enfin entre envers environ es essai est et etant
    etc etre eu eue eues euh eurent eus eusse eussent eusses eussiez eussions eut eux exactement excepté extenso exterieur
    eûmes eût eûtes fais faisaient faisant fait faites façon feront fi flac floc fois font force furent fus fusse fussent
    fusses fussiez fussions fut fûmes fût fûtes gens grand ha haut hein hem hep hi ho holà hop hormis hors hou houp hue
    hui huit huitième hum hurrah hé hélas ici il ils importe je jour jusqu jusque juste la laisser laquelle las le lequel
    les lesquelles lesquels leur leurs longtemps lors lorsque lui là lès ma maint maintenant mais maison malgre malgré
    maximale me meme memes merci mes mien mienne miennes miens mille mince mine minimale moi moindres moins mon mot
    moyennant multiple multiples même mêmes na naturel naturelle naturelles ne neanmoins necessaire neuf neuvième ni
    nombreuses nombreux nommés non nos notamment notre nous nouveau nouveaux nouvelle nul néanmoins nôtre nôtres oh ohé
    ollé olé on ont onze onzième ore ou ouf ouias oust ouste outre ouvert ouverte ouverts où paf pan par parce parfois
    parle parlent parler parmi parole parseme partant particulier particulière pas passé pendant pense permet personne
    personnes petit peu peut peuvent peux pff pfft pfut pif pire pièce plein plouf plupart plus plusieurs plutôt possessif
    possessifs possible possibles pouah pour pourquoi pourrais pourrait pouvait prealable precisement premier première
    premièrement pres probable probante procedant proche près psitt pu puis puisque pur pure qu quand quant quanta
    quarante quatorze quatre quatrième que quel quelconque quelle quelles quelque quelques quels qui quiconque quinze quoi
    quoique rare rarement rares relative relativement remarquable rend rendre restant reste restent restrictif retour
    revoici revoilà rien sa sacrebleu sait sans sapristi sauf se sein seize selon semblable semblaient semble semblent
    sent sept septième sera serai seraient serais serait seras serez seriez serions serons seront ses seul seule seulement
    si sien sienne siennes siens sinon six sixième soi soient sois soit soixante sommes son sont sous souvent soyez soyons
    specifique specifiques speculatif stop strictement subtiles suffisant suffisante suffit suis suit suivant suivante
    suivantes suivants suivre sujet superpose sur surtout ta tac tandis tant tardive te tel telle tellement telles tels
    tenant tend tenir tente tes tic tien tienne tiennes tiens toc toi ton touchant toujours tous tout toute toutefois
    toutes treize trente tres trois troisième trop très tsoin tsouin tu té un une unes uniformement unique uniques uns va
    vais valeur vas vers via vif vifs ville vingt vivat vive vives vlan voici voie voient voilà voire vont vos votre vous
    vu vé vôtre vôtres y zut à ça ès étaient étais était étant étante étantes étants état étiez étions été étée étées étés
    êtes être'),
  ('hu', 'a abba abban abból addig ahhoz ahogy ahol aki akik akkor akár alapján alatt alatta alattad alattam alattatok alattuk
    alattunk alá alád alájuk alám alánk alátok alól alóla alólad alólam alólatok alóluk alólunk amely amelybol amelyek
    amelyekben amelyeket amelyet amelyik amelynek ami amikor amit amolyan amott amíg annak annál arra arról attól az aznap
    azok azokat azokba azokban azokból azokhoz azokig azokkal azokká azoknak azoknál azokon azokra azokról azoktól azokért
    azon azonban azonnal azt aztán azután azzal azzá azért bal balra ban be belé beléd beléjük belém belénk belétek belül
    belőle belőled belőlem belőletek belőlük belőlünk ben benne benned bennem bennetek bennük bennünk bár bárcsak
    bármilyen búcsú cikk cikkek cikkeket csak csakhogy csupán de dehogy ebbe ebben ebből eddig egy egyebek egyebet egyedül
    egyelőre egyes egyet egyetlen egyik egymás egyre egyszerre egyéb együtt egész egészen ehhez ekkor el eleinte ellen
    ellenes elleni ellenére elmondta elsõ első elsők elsősorban elsőt elé eléd elég eléjük elém elénk elétek elõ elõször
    elõtt elő előbb elől előle előled előlem előletek előlük előlünk először előtt előtte előtted előttem előttetek
    előttük előttünk előző emilyen engem ennek ennyi ennél enyém erre erről esetben ettől ez ezek ezekbe ezekben ezekből
    ezeken ezeket ezekhez ezekig ezekkel ezekké ezeknek ezeknél ezekre ezekről ezektől ezekért ezen ezentúl ezer ezret ezt
    ezután ezzel ezzé ezért fel fele felek felet felett felé fent fenti fél fölé gyakran ha halló hamar hanem harmadik
    harmadikat harminc hat hatodik hatodikat hatot hatvan helyett hetedik hetediket hetet hetven hirtelen hiszen hiába
    hogy hogyan hol holnap holnapot honnan hova hozzá hozzád hozzájuk hozzám hozzánk hozzátok hurrá huszadik hány hányszor
    hármat három hát hátha hátulsó ház hét húsz ide idén igazán igen ill illetve ilyen ilyenkor immár inkább is ismét ison
    itt jelenleg jobban jobbra jó jól jólesik jóval jövőre kell kellene kellett kelljen keressünk keresztül ketten kettő
    kettőt kevés ki kiben kiből kicsit kicsoda kihez kik kikbe kikben kikből kiken kiket kikhez kikkel kikké kiknek kiknél
    kikre kikről kiktől kikért kilenc kilencedik kilencediket kilencet kilencven kin kinek kinél kire kiről kis kit kitől
    kivel kivé kié kiért korábban képest kérem kérlek kész késő később későn két kétszer kívül körül köszönhetően köszönöm
    közben közel közepesen közepén közé között közül külön különben különböző különbözőbb különbözőek lassan le legalább
    legyen lehet lehetetlen lehetett lehetőleg lehetőség lenne lenni lennék lennének lesz leszek lesznek leszünk lett
    lettek lettem lettünk lévő ma maga magad magam magatokat magukat magunkat magát mai majd majdnem manapság meg
    megcsinál megcsinálnak megint megvan mellett mellette melletted mellettem mellettetek mellettük mellettünk mellé
    melléd melléjük mellém mellénk mellétek mellől mellőle mellőled mellőlem mellőletek mellőlük mellőlünk mely melyek
    melyik mennyi mert mi miatt miatta miattad miattam miattatok miattuk miattunk mibe miben miből mihez mik mikbe mikben
    mikből miken miket mikhez mikkel mikké miknek miknél mikor mikre mikről miktől mikért milyen min mind mindegyik
    mindegyiket minden mindenesetre mindenki mindent mindenütt mindig mindketten minek minket mint mintha minél mire miről
    mit mitől mivel mivé miért mondta most mostanáig már más másik másikat másnap második másodszor mások másokat mást még
    mégis míg mögé mögéd mögéjük mögém mögénk mögétek mögött mögötte mögötted mögöttem mögöttetek mögöttük mögöttünk mögül
    mögüle mögüled mögülem mögületek mögülük mögülünk múltkor múlva na nagy nagyobb nagyon naponta napot ne negyedik
    negyediket negyven neked nekem neki nekik nektek nekünk nem nemcsak nemrég nincs nyolc nyolcadik nyolcadikat nyolcat
    nyolcvan nála nálad nálam nálatok náluk nálunk négy négyet néha néhány nélkül oda ok olyan onnan ott pedig persze pár
    például rajta rajtad rajtam rajtatok rajtuk rajtunk rendben rosszul rá rád rájuk rám ránk rátok régen régi régóta
    részére róla rólad rólam rólatok róluk rólunk rögtön s saját se sem semmi semmilyen semmiség senki soha sok sokan
    sokat sokkal sokszor sokáig során szemben szerbusz szerint szerinte szerinted szerintem szerintetek szerintük
    szerintünk szervusz szinte számára száz századik százat szépen szét szíves szívesen szíveskedjék sőt talán tavaly te
    tegnap tegnapelőtt tehát tele teljes tessék ti tied titeket tizedik tizediket tizenegy tizenegyedik tizenhat
    tizenhárom tizenhét tizenkettő tizenkilenc tizenkét tizennyolc tizennégy tizenöt tizet tovább további továbbá távol
    téged tényleg tíz több többi többször túl tőle tőled tőlem tőletek tőlük tőlünk ugyanakkor ugyanez ugyanis ugye urak
    uram urat utoljára utolsó után utána vagy vagyis vagyok vagytok vagyunk vajon valahol valaki valakit valamelyik valami
    valamint való van vannak vele veled velem veletek velük velünk vissza viszlát viszont volna volnának volnék volt
    voltak voltam voltunk város végre végén végül által általában ám át éljen én éppen érte érted értem értetek értük
    értünk és év évben éve évek éves évi évvel így óta õk õket ön önbe önben önből önhöz önnek önnel önnél önre önről önt
    öntől önért önök önökbe önökben önökből önöket önökhöz önökkel önöknek önöknél önökre önökről önöktől önökért önökön
    önön össze öt ötven ötödik ötödiket ötöt úgy úgyis úgynevezett új újabb újra úr ő ők őket őt'),
  ('it', 'a abbastanza abbia abbiamo abbiano abbiate accidenti ad adesso affinché agl agli ahime ahimè ai al alcuna alcuni
    alcuno all alla alle allo allora altre altri altrimenti altro altrove altrui anche ancora anni anno ansa anticipo
    assai attesa attraverso avanti avemmo avendo avente aver avere averlo avesse avessero avessi avessimo aveste avesti
    avete aveva avevamo avevano avevate avevi avevo avrai avranno avrebbe avrebbero avrei avremmo avremo avreste avresti
    avrete avrà avrò avuta avute avuti avuto basta ben bene benissimo brava bravo buono casa caso cento certa certe certi
    certo che chi chicchessia chiunque ci ciascuna ciascuno cima cinque cio cioe cioè circa citta città ciò co codesta
    codesti codesto cogli coi col colei coll coloro colui come cominci comprare comunque con concernente conclusione
    consecutivi consecutivo consiglio contro cortesia cos cosa cosi così cui da dagl dagli dai dal dall dalla dalle dallo
    dappertutto davanti degl degli dei del dell della delle dello dentro detto deve devo di dice dietro dire dirimpetto
    diventa diventare diventato dopo doppio dov dove dovra dovrà dovunque due dunque durante e ebbe ebbero ebbi ecc ecco
    ed egli ella entrambi eppure era erano eravamo eravate eri ero esempio esse essendo esser essere essi ex fa faccia
    facciamo facciano facciate faccio facemmo facendo facesse facessero facessi facessimo faceste facesti faceva facevamo
    facevano facevate facevi facevo fai fanno farai faranno fare farebbe farebbero farei faremmo faremo fareste faresti
    farete farà farò fatto favore fece fecero feci fin finalmente finche fine fino forse forza fosse fossero fossi fossimo
    foste fosti fra frattempo fu fui fummo fuori furono futuro generale gente gia giacche giorni giorno giu già gli gliela
    gliele glieli glielo gliene grande grazie gruppo ha haha hai hanno ho i ie ieri il improvviso in inc indietro infatti
    inoltre insieme intanto intorno invece io la lasciato lato le lei li lo lontano loro lui lungo luogo là ma macche
    magari maggior mai male malgrado malissimo me medesimo mediante meglio meno mentre mesi mezzo mi mia mie miei mila
    miliardi milioni minimi mio modo molta molti moltissimo molto momento mondo ne negl negli nei nel nell nella nelle
    nello nemmeno neppure nessun nessuna nessuno niente no noi nome non nondimeno nonostante nonsia nostra nostre nostri
    nostro novanta nove nulla nuova nuovi nuovo o od oggi ogni ognuna ognuno oltre oppure ora ore osi ossia ottanta otto
    paese parecchi parecchie parecchio parte partendo peccato peggio per perche perchè perché percio perciò perfino pero
    persino persone però piedi pieno piglia piu piuttosto più po pochissimo poco poi poiche possa possedere posteriore
    posto potrebbe presa press prima primo promesso proprio puo pure purtroppo può qua qualche qualcosa qualcuna qualcuno
    quale quali qualunque quando quanta quante quanti quanto quantunque quarto quasi quattro quel quella quelle quelli
    quello quest questa queste questi questo qui quindi quinto realmente recente recentemente relativo riecco rispetto
    salvo sara sarai saranno sarebbe sarebbero sarei saremmo saremo sareste saresti sarete sarà sarò scola scopo scorso se
    secondo seguente seguito sei sembra sembrare sembrato sembrava sembri sempre senza sette si sia siamo siano siate
    siete sig solito solo soltanto sono sopra soprattutto sotto spesso sta stai stando stanno starai staranno starebbe
    starebbero starei staremmo staremo stareste staresti starete starà starò stata state stati stato stava stavamo stavano
    stavate stavi stavo stemmo stessa stesse stessero stessi stessimo stesso steste stesti stette stettero stetti stia
    stiamo stiano stiate sto su sua subito successivo sue sugl sugli sui sul sull sulla sulle sullo suo suoi tale tali
    talvolta tanto te tempo terzo th ti titolo tra tranne tre trenta triplo troppo trovato tu tua tue tuo tuoi tutta
    tuttavia tutte tutti tutto uguali ulteriore ultimo un una uno uomo va vai vale vari varia varie vario verso vi vicino
    visto vita voi volta volte vostra vostre vostri vostro è'),
  ('nl', 'aan aangaande aangezien achte achter achterna af afgelopen al aldaar aldus alhoewel alias alle allebei alleen alles
    als alsnog altijd altoos ander andere anders anderszins beetje behalve behoudens beide beiden ben beneden bent bepaald
    betreffende bij bijna bijv binnen binnenin blijkbaar blijken boven bovenal bovendien bovengenoemd bovenstaand
    bovenvermeld buiten bv daar daardoor daarheen daarin daarna daarnet daarom daarop daaruit daarvanlangs dan dat de
    deden deed der derde derhalve dertig deze dhr die dikwijls dit doch doe doen doet door doorgaand drie duizend dus
    echter een eens eer eerdat eerder eerlang eerst eerste eigen eigenlijk elk elke en enig enige enigszins enkel er
    erdoor erg ergens etc etcetera even eveneens evenwel gauw ge gedurende geen gehad gekund geleden gelijk gemoeten
    gemogen genoeg geweest gewoon gewoonweg grote haar haarzelf had hadden hare heb hebben hebt hedden heeft heel hem
    hemzelf hen het hetzelfde hier hierbeneden hierboven hierin hierna hierom hij hijzelf hoe hoewel honderd huis hun
    hunne ieder iedere iedereen iemand iets ik ikzelf in inderdaad inmiddels intussen inzake is ja jaar je jezelf jij
    jijzelf jou jouw jouwe juist jullie kan klaar kleine kon konden krachtens kun kunnen kunt laatst later liever lijken
    lijkt maak maakt maakte maakten maar mag maken me meer meest meestal men mensen met mevr mezelf mij mijn mijnent
    mijner mijzelf minder miss misschien missen mits mocht mochten moest moesten moet moeten mogen mr mrs mw na naar nadat
    nam namelijk nee neem negen nemen nergens net niemand niet niets nieuwe niks noch nochtans nog nogal nooit nu nv of
    ofschoon om omdat omhoog omlaag omstreeks omtrent omver ondanks onder ondertussen ongeveer ons onszelf onze onzeker
    ooit ook op opnieuw opzij oude over overal overeind overige overigens paar pas per precies recent redelijk reeds rond
    rondom samen sedert sinds sindsdien slechts sommige spoedig stad steeds tamelijk te tegen tegenover tenzij terwijl
    thans tien tiende tijdens tja toch toe toen toenmaals toenmalig tot totdat tussen twee tweede u uit uitgezonderd uw
    vaak vaakwat van vanaf vandaan vanuit vanwege veel veeleer veertig verder verscheidene vervolgens via vier vierde vijf
    vijfde vijftig vol volgend volgens voor vooraf vooral vooralsnog voorbij voordat voordezen voordien voorheen voorop
    voorts vooruit vrij vroeg waar waarom wanneer want waren was wat we wederom weer weg wegens weinig wel weldra welk
    welke werd werden werder wezen whatever wie wiens wier wij wijzelf wil wilden willen word worden wordt zal ze zei
    zeker zelf zelfde zelfs zes zeven zich zichzelf zij zijn zijne zijzelf zo zoals zodat zodra zonder zou zouden zowat
    zulk zulke zullen zult'),
  ('no', 'alle andre arbeid at av bare begge ble blei bli blir blitt bort bra bruke by både båe da de deg dei deim deira deires
    dem den denne der dere deres det dette di din disse ditt du dykk dykkar då eg ein eit eitt eller elles en ene eneste
    enhver enn er et ett etter folk for fordi fra få før gamle gjorde god gå ha hadde han hans har hennar henne hennes her
    hjå ho hoe honom hoss hossen hun hus hva hvem hver hvilke hvilken hvis hvor hvordan hvorfor i ikke ikkje ingen ingi
    inkje inn innen inni ja jeg kan kom korleis korso kun kunne kva kvar kvarhelst kven kvi kvifor lage lang lik like makt
    man mange me med medan meg meget mellom men mens mer mest mi min mine mitt mot mye mykje må måte navn ned nei no noe
    noen noka noko nokon nokor nokre ny nye nå når og også om opp oss over part punkt på rett riktig samme sant seg selv
    si sia sidan siden sin sine sist sitt sjøl skal skulle slik slutt små so som somme somt start stille store så sånn tid
    til tilbake tilstand um under upp ut uten var vart varte ved verdi vere verte vi vil ville vite vore vors vort vår
    være vært vöre vört å år'),
  ('pl', 'a aby ach acz aczkolwiek aj albo ale ależ ani aż bardziej bardzo bez bo bowiem by byli bym bynajmniej być był była
    było były będzie będą cali cała cały chce choć ci ciebie cię co cokolwiek coraz coś czasami czasem czemu czy czyli
    często daleko dla dlaczego dlatego do dobrze dokąd dom dość dr dużo duży dwa dwaj dwie dwoje dzisiaj dziś gdy gdyby
    gdyż gdzie gdziekolwiek gdzieś go godz hab i ich ii iii ile im inna inne inny innych inż iv ix iż ja jak jakaś jakby
    jaki jakichś jakie jakiś jakiż jakkolwiek jako jakoś je jeden jedna jednak jednakże jedno jednym jedynie jego jej jemu
    jest jestem jeszcze jeśli jeżeli już ją każdy kiedy kierunku kilka kilku kimś kto ktokolwiek ktoś która które którego
    której który których którym którzy ku lat lecz lub ma mają mam mamy mało mały mgr mi miasto miał mimo między mnie mną
    mogą moi moim moja moje może możliwe można mu musi my mój na nad nam nami nas nasi nasz nasza nasze naszego naszych
    natomiast natychmiast nawet nic nich nie niech niego niej niemu nigdy nim nimi nią niż no nowe nowy np nr o obok od ok
    około on ona one oni ono oraz oto owszem pan pana pani pl po pod podczas pomimo ponad ponieważ powinien powinna
    powinni powinno poza prawie prof przecież przed przede przedtem przez przy raz razie roku również sam sama się skąd
    sobie sobą sposób stary swoje są ta tak taka taki takich takie także tam te tego tej tel temu ten teraz też to tobie
    tobą toteż totobą trzeba tu tutaj twoi twoim twoja twoje twym twój ty tych tylko tym tys tzw tę u ul vi vii viii vol w
    wam wami was wasi wasz wasza wasze we według wie wiele wielu więc więcej wszyscy wszystkich wszystkie wszystkim
    wszystko wtedy www wy właśnie wśród xi xii xiii xiv xv z za zapewne zawsze zaś ze zeznowu znowu znów został zł żaden
    żadna żadne żadnych że żeby'),
  ('pt', 'a acerca adeus agora ainda alem algmas algo algumas alguns ali além ambas ambos ano anos antes ao aonde aos apenas
    apoio apontar apos após aquela aquelas aquele aqueles aqui aquilo as assim através atrás até aí baixo bastante bem boa
    boas bom bons breve cada caminho casa catorze cedo cento certamente certeza cidade cima cinco coisa com como comprido
    conhecido conselho contra contudo corrente cuja cujas cujo cujos custa cá da daquela daquelas daquele daqueles dar das
    de debaixo dela delas dele deles demais dentro depois desde desligado dessa dessas desse desses desta destas deste
    destes deve devem deverá dez dezanove dezasseis dezassete dezoito dia diante direita dispoe dispoem diversa diversas
    diversos diz dizem dizer do dois dos doze duas durante dá dão dúvida e ela elas ele eles em embora enquanto entao
    entre então era eram essa essas esse esses esta estado estamos estar estará estas estava estavam este esteja estejam
    estejamos estes esteve estive estivemos estiver estivera estiveram estiverem estivermos estivesse estivessem estiveste
    estivestes estivéramos estivéssemos estou está estás estávamos estão eu exemplo falta fará favor faz fazeis fazem
    fazemos fazer fazes fazia faço fez fim final foi fomos for fora foram forem forma formos fosse fossem foste fostes fui
    fôramos fôssemos gente geral grande grandes grupo ha haja hajam hajamos havemos havia hei hoje hora horas houve
    houvemos houver houvera houveram houverei houverem houveremos houveria houveriam houvermos houverá houverão
    houveríamos houvesse houvessem houvéramos houvéssemos há hão iniciar inicio ir irá isso ista iste isto já lado lhe
    lhes ligado local logo longe lugar lá maior maioria maiorias mais mal mas me mediante meio menor menos meses mesma
    mesmas mesmo mesmos meu meus mil minha minhas momento muito muitos máximo mês na nada nao naquela naquelas naquele
    naqueles nas nem nenhuma nessa nessas nesse nesses nesta nestas neste nestes no noite nome nos nossa nossas nosso
    nossos nova novas nove novo novos num numa numas nunca nuns não nível nós número o obra obrigada obrigado oitava
    oitavo oito onde ontem onze os ou outra outras outro outros para parece parte partir paucas pegar pela pelas pelo
    pelos perante perto pessoas pode podem poder poderá podia pois ponto pontos por porque porquê portanto posição posso
    possível pouca pouco poucos povo primeira primeiras primeiro primeiros promeiro propios proprio própria próprias
    próprio próprios próxima próximas próximo próximos puderam pôde põe põem quais qual qualquer quando quanto quarta
    quarto quatro que quem quer quereis querem queremas queres quero questão quieto quinta quinto quinze quáis quê relação
    sabe sabem saber se segunda segundo sei seis seja sejam sejamos sem sempre sendo ser serei seremos seria seriam será
    serão seríamos sete seu seus sexta sexto sim sistema sob sobre sois somente somos sou sua suas são sétima sétimo só
    tal talvez tambem também tanta tantas tanto tarde te tem temos tempo tendes tenha tenham tenhamos tenho tens tentar
    tentaram tente tentei ter terceira terceiro terei teremos teria teriam terá terão teríamos teu teus teve tinha tinham
    tipo tive tivemos tiver tivera tiveram tiverem tivermos tivesse tivessem tiveste tivestes tivéramos tivéssemos toda
    todas todo todos trabalhar trabalho treze três tu tua tuas tudo tão tém têm tínhamos um uma umas uns usa usar vai vais
    valor veja vem vens ver verdade verdadeiro vez vezes viagem vindo vinte você vocês vos vossa vossas vosso vossos
    vários vão vêm vós zero à às área é éramos és último'),
  ('ro', 'a abia acea aceasta această aceea aceeasi acei aceia acel acela acelasi acele acelea acest acesta aceste acestea
    acestei acestia acestui aceşti aceştia acolo acord acum adica ai aia aibă aici aiurea al ala alaturi ale alea alt alta
    altceva altcineva alte altfel alti altii altul am ani anume apoi ar are as asa asemenea asta astazi astea astfel
    astăzi asupra atare atat atata atatea atatia ati atit atita atitea atitia atunci au avea avem aveţi avut azi aş aşadar
    aţi ba bine bucur bună ca cam cand capat care careia carora caruia casă cat catre caut ce cea ceea cei ceilalti cel
    cele celor ceva chiar ci cinci cind cine cineva cit cita cite citeva citi citiva conform contra cu cui cum cumva
    curând curînd când cât câte câtva câţi cînd cît cîte cîtva cîţi că căci cărei căror cărui către da daca dacă dar dat
    datorită dată dau de deasupra deci decit degraba deja deoarece departe desi despre deşi din dinaintea dintr dintre
    doar doi doilea două drept dupa după dă ea ei el ele era eram este eu exact eşti face fara fata fel fi fie fiecare fii
    fim fiu fiţi foarte fost frumos fără geaba graţie halbă ia iar ieri ii il imi in inainte inapoi inca incit insa intr
    intre isi iti la le li lor lui lângă lîngă ma mai mare mea mei mele mereu meu mi mic mie mine mod mult multa multe
    multi multă mulţi mulţumesc mâine mîine mă ne nevoie ni nici niciodata nicăieri nimeni nimeri nimic niste nişte
    noastre noastră noi noroc nostri nostru nou noua nouă noştri nu numai o opt or oraș ori oricare orice oricine oricum
    oricând oricât oricînd oricît oriunde pai parca patra patru patrulea pe pentru peste pic pina plus poate pot prea
    prima primul prin putini puţin puţina puţină până pînă rog sa sai sale sau se si sint sintem spate spre sub sunt
    suntem sunteţi sus sută sînt sîntem sînteţi să săi său ta tale te ti timp tine toata toate toată tocmai tot toti totul
    totusi totuşi toţi trei treia treilea tu tuturor tăi tău ul ului un una unde undeva unei uneia unele uneori unii unor
    unora unu unui unuia unul va vechi vi voastre voastră voi vom vor vostru vouă voştri vreme vreo vreun vă zece zero zi
    zice îi îl îmi împotriva în înainte înaintea încotro încât încît între întrucât întrucît îţi ăla ălea ăsta ăstea ăştia
    şapte şase şi ştiu ţi ţie'),
  ('sv', 'aderton adertonde adjö aldrig alla allas allt alltid alltså andra andras annan annat artonde artonn att av bakom bara
    behöva behövas behövde behövt beslut beslutat beslutit bland blev bli blir blivit bort borta bra bäst bättre båda
    bådas dag dagar dagarna dagen de del delen dem den denna deras dess dessa det detta dig din dina dit ditt dock dom du
    där därför då efter eftersom ej elfte eller elva emot en enkel enkelt enkla enligt ens er era ers ert ett ettusen
    fanns fem femte femtio femtionde femton femtonde fick fin finnas finns fjorton fjortonde fjärde fler flera flesta folk
    fram framför från fyra fyrtio fyrtionde få får fått följande för före förlåt förra första gamla genast genom gick
    gjorde gjort god goda godare godast gott gälla gäller gällt gärna gå går gått gör göra ha hade haft han hans har
    heller hellre helst helt henne hennes hit hon honom hundra hundraen hundraett hur hus här hög höger högre högst i
    ibland icke idag igen igår imorgon in inför inga ingen ingenting inget innan inne inom inte inuti ja jag jo ju just
    jämfört kan kanske knappast kom komma kommer kommit kr kunde kunna kunnat kvar legat ligga ligger lika likställd
    likställda lilla lite liten litet länge längre längst lätt lättare lättast långsam långsammare långsammast långsamt
    långt låt man med mej mellan men mer mera mest mig min mina mindre minst mitt mittemot mot mycket många måste möjlig
    möjligen möjligt möjligtvis ned nederst nedersta nedre nej ner ni nio nionde nittio nittionde nitton nittonde nog noll
    nr nu nummer nya när nästa någon någonting något några nån nånting nåt nödvändig nödvändiga nödvändigt och också ofta
    oftast olika olikt om oss på rakt redan rätt sa sade sagt samma sedan senare senast sent sex sextio sextionde sexton
    sextonde sig sin sina sist sista siste sitt sitta sju sjunde sjuttio sjuttionde sjutton sjuttonde själv sjätte ska
    skall skulle slutligen små smått snart som stad stor stora stort större störst säga säger sämre sämst så sådan sådana
    sådant ta tack tar tidig tidigare tidigast tidigt till tills tillsammans tio tionde tjugo tjugoen tjugoett tjugonde
    tjugotre tjugotvå tjungo tolfte tolv tre tredje trettio trettionde tretton trettonde två tvåhundra under upp ur ursäkt
    ut utan utanför ute va vad var vara varför varifrån varit varje varken vars varsågod vart vem vems verkligen vi vid
    vidare viktig viktigare viktigast viktigt vilka vilkas vilken vilket vill väl vänster vänstra värre vår våra vårt än
    ännu är även å år åt åtminstone åtta åttio åttionde åttonde över övermorgon överst övre'),
  ('tr', 'acaba acep adamakıllı adeta ait altmış altı ama amma anca ancak arada aslında aynen ayrıca az açıkça açıkçası bana
    bari bazen bazı başkası belki ben benden beni benim beri beriki beş bilcümle bile bin binaen binaenaleyh bir biraz
    birazdan birbiri birden birdenbire biri birice birileri birisi birkaç birkaçı birkez birlikte birçok birçoğu birşey
    birşeyi bitevi biteviye bittabi biz bizatihi bizce bizcileyin bizden bize bizi bizim bizimki bizzat boşuna bu buna
    bunda bundan bunlar bunları bunların bunu bunun buracıkta burada buradan burası böyle böylece böylecene böylelikle
    böylemesine böylesine büsbütün bütün büyük cuk cümlesi da daha dahi dahil dahilen daima dair dayanarak de defa dek
    demin demincek deminden denli derakap derhal derken deđil değil değin diye diđer diğer diğeri doksan dokuz dolayı
    dolayısıyla doğru dört edecek eden ederek edilecek ediliyor edilmesi ediyor elbet elbette elli emme en enikonu epey
    epeyce epeyi esasen eski esnasında etmesi etraflı etraflıca etti ettiği ettiğini ev evleviyetle evvel evvela evvelce
    evvelden evvelemirde evveli eđer eğer fakat filanca gah gayet gayetle gayri gayrı gelgelelim gene gerek gerçi geçende
    geçenlerde gibi gibilerden gibisinden gine göre gırla hakeza halbuki halen halihazırda haliyle handiyse hangi hangisi
    hani hariç hasebiyle hasılı hatta hele hem henüz hep hepsi her herhangi herkes herkesin hiç hiçbir hiçbiri hoş
    hulasaten iken iki ila ile ilen ilgili ilk illa illaki imdi indinde inen insermi ise ister itibaren itibariyle
    itibarıyla iyi iyice iyicene için iş işte kadar kaffesi kah kala karşın katrilyon kaynak kaçı kelli kendi kendilerine
    kendini kendisi kendisine kendisini kere kez keza kezalik keşke ki kim kimden kime kimi kimisi kimse kimsecik
    kimsecikler külliyen küçük kırk kısaca lakin leh lütfen maada madem mademki mamafih mebni međer meğer meğerki meğerse
    milyar milyon mu mü mı nasıl nasılsa nazaran naşi ne neden nedeniyle nedenle nedense nerde nerden nerdeyse nere nerede
    nereden neredeyse neresi nereye netekim neye neyi neyse nice nihayet nihayetinde nitekim niye niçin o olan olarak oldu
    olduklarını oldukça olduğu olduğunu olmadı olmadığı olmak olması olmayan olmaz olsa olsun olup olur olursa oluyor on
    ona onca onculayın onda ondan onlar onlardan onlari onları onların onu onun oracık oracıkta orada oradan oranca oranla
    oraya otuz oysa oysaki pek pekala peki pekçe peyderpey rağmen sadece sahi sahiden sana sanki sekiz seksen sen senden
    seni senin siz sizden sizi sizin sonra sonradan sonraları sonunda tabii tam tamam tamamen tamamıyla tarafından tek
    trilyon tüm var vardı vasıtasıyla ve velev velhasıl veya veyahut ya yahut yakinen yakında yakından yakınlarda yalnız
    yalnızca yani yapacak yapmak yaptı yaptıkları yaptığı yaptığını yapılan yapılması yapıyor yedi yeni yeniden yenilerde
    yerine yetmiş yine yirmi yok yoksa yoluyla yüz yüzünden yıl zarfında zaten zati zira çabuk çabukça çeşitli çok çokları
    çoklarınca çokluk çoklukla çokça çoğu çoğun çoğunca çoğunlukla çünkü öbür öbürkü öbürü önce önceden önceleri öncelikle
    öteki ötekisi öyle öylece öylelikle öylemesine öz üzere üç şayet şehir şey şeyden şeyi şeyler şu şuna şuncacık şunda
    şundan şunlar şunları şunu şunun şura şuracık şuracıkta şurası şöyle'),
-- Letters beyond a to z.
  ('de', 'ß ä ö ü'),
  ('fi', 'ä ö'),
  ('sv', 'ä ö å'),
  ('tr', 'ö ü ç ş ğ ı'),
  ('hu', 'ö ü á é í ó ú ő ű'),
  ('es', 'ñ á é í ó ú'),
  ('pt', 'á é í ó ú ã õ ç à ê â ô'),
  ('cs', 'á é í ú č ř ě ů š ž ý'),
  ('fr', 'é ç à è ê â î ô œ û ù ë'),
  ('pl', 'ó ł ż ź ś ć ń ą ę'),
  ('it', 'à è ù ì ò'),
  ('ro', 'â î ă ș ț ţ ş'),
  ('nl', 'ë'),
  ('da', 'å ø æ'),
  ('no', 'å ø æ')
) listed(language, words), string_to_table(regexp_replace(words, '\s+', ' ', 'g'), ' ') AS word) w;

ANALYZE language_word;
