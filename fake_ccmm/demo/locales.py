"""Names, places and formats of the countries the demo people live in.

No third-party generator (such as Faker) is used: it takes hundreds of microseconds a contact, and a million are wanted
at start-up. Telephone numbers lie in ranges reserved for fiction where a country has them (the United Kingdom, Ireland,
Germany, France, the United States) and are otherwise made up. First and last names are mixed freely and mean nobody.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A first or last name as written, and how it is spelled in the local part of an e-mail address."""

    text: str
    ascii: str


@dataclass(frozen=True, slots=True)
class Persons:
    """Titles, first names and last names that go together: a locale has one set for men and one for women."""

    titles: tuple[str, ...]
    first_names: tuple[Name, ...]
    last_names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A city with what its post codes, area code and telephone numbers begin with, and its region if addresses do."""

    city: str
    post_code: str
    area_code: str
    exchange: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Locale:
    """All it takes to invent somebody in one country. ``trunk`` is dialed before the area code within the country.
    ``code`` is the country's two letters as of ISO 3166, in lower case.

    A street and its number are put together with ``joint``, the number first if ``number_first``. Post codes and
    telephone numbers are what the place gives followed by one of ``post_code_ends`` and of ``phone_ends``.
    """

    code: str
    country: str
    int_code: str
    trunk: str
    persons: tuple[Persons, Persons]
    streets: tuple[str, ...]
    number_first: bool
    joint: str
    second_lines: tuple[str, ...]
    places: tuple[Place, ...]
    post_code_ends: tuple[str, ...]
    phone_ends: tuple[str, ...]


_PLAIN = str.maketrans({"ß": "ss", "ł": "l", "Ł": "l", "ı": "i", " ": "-"})
_TWO = tuple(f"{n:02d}" for n in range(100))
_THREE = tuple(f"{n:03d}" for n in range(1000))
_FOUR = tuple(f"{n:04d}" for n in range(10000))
_UK_ENDS = tuple(f"{n}{a}{b}" for n in range(1, 10) for a in "ABDEFGHJLN" for b in "PQRSTUWXYZ")
_EIRCODE_ENDS = tuple(f"{a}{n:02d}{b}" for n in range(100) for a, b in ("AX", "CK", "FT", "HP", "NV", "RE", "WY", "XD"))


def _split(listed: str) -> tuple[str, ...]:
    return tuple(listed.split("; "))


def _names(listed: str) -> tuple[Name, ...]:
    """The listed names; one in another script than Latin is followed by ``/`` and its spelling in Latin letters."""
    names = []
    for entry in _split(listed):
        text, _, spelled = entry.partition("/")
        letters = unicodedata.normalize("NFKD", (spelled or text).translate(_PLAIN)).lower()
        names.append(Name(text, "".join(c for c in letters if c.isascii() and (c.isalnum() or c == "-"))))
    return tuple(names)


def _locale(
    code: str,
    country: str,
    *,
    dialing: tuple[str, str],
    titles: str,
    men: str,
    women: str,
    last: str,
    line1: str,
    streets: str,
    second_lines: str,
    places: str,
    ends: tuple[tuple[str, ...], tuple[str, ...]],
) -> Locale:
    """A locale from lists as text. In ``titles`` and ``last``, those of women follow `` | `` where they differ."""
    his_titles, _, her_titles = titles.partition(" | ")
    his_last, _, her_last = last.partition(" | ")
    his_last_names = _names(his_last)
    return Locale(
        code=code,
        country=country,
        int_code=dialing[0],
        trunk=dialing[1],
        persons=(
            Persons(_split(his_titles), _names(men), his_last_names),
            Persons(_split(her_titles or his_titles), _names(women), _names(her_last) if her_last else his_last_names),
        ),
        streets=_split(streets),
        number_first=line1.startswith("{number}"),
        joint=line1.replace("{number}", "").replace("{street}", ""),
        second_lines=_split(second_lines),
        places=tuple(Place(*place.split("/")) for place in _split(places)),
        post_code_ends=ends[0],
        phone_ends=ends[1],
    )


LOCALES: tuple[Locale, ...] = (
    _locale(
        "gb",
        "United Kingdom",
        dialing=("44", "0"),
        titles="Mr; Mr; Mr; Dr | Ms; Mrs; Miss; Dr",
        men="Alfie; Callum; Dominic; Gareth; Hamish; Imran; Jasper; Nigel; Rhys; Rupert",
        women="Bethan; Charlotte; Fiona; Imogen; Isla; Morag; Nadia; Philippa; Rosalind; Zara",
        last="Ashworth; Carmichael; Dunmore; Fairclough; Hargreaves; Llewellyn; MacAllister; Oakley; Pemberton-Lowe; "
        "Thistlewood; Whitcombe",
        line1="{number} {street}",
        streets="High Street; Station Road; Church Lane; Victoria Road; Mill Lane; King's Avenue; The Crescent",
        second_lines="Flat 2; Flat 7B; Rose Cottage; Unit 4; c/o Marsh & Sons",
        places="London/SW1A /20/79460; Manchester/M14 /161/4960; Leeds/LS6 /113/4960; Edinburgh/EH3 /131/4960; "
        "Cardiff/CF10 /29/20180; Belfast/BT7 /28/96496; Ludlow/SY8 /1632/960/Shropshire",
        ends=(_UK_ENDS, _THREE),
    ),
    _locale(
        "ie",
        "Ireland",
        dialing=("353", "0"),
        titles="Mr | Ms; Ms; Mrs",
        men="Cathal; Cian; Conor; Darragh; Diarmuid; Eoin; Fionn; Oisín; Pádraig; Tadhg",
        women="Aisling; Aoife; Bríd; Caoimhe; Gráinne; Niamh; Órla; Róisín; Sinéad; Siobhán",
        last="Brannigan; Devaney; Fitzmaurice; Geraghty; Hanrahan; Kilbride; Loughnane; MacNally; O'Dempsey; "
        "O'Shaughnessy; Prendergast; Tuohy",
        line1="{number} {street}",
        streets="Main Street; Patrick Street; Abbey Road; Bóthar na Trá; Harbour View; O'Connell Street",
        second_lines="Apartment 3; Apartment 12; The Old Mill; Clós na hEaglaise",
        places="Dublin 2/D02 /20/910/Co. Dublin; Cork/T12 /20/911/Co. Cork; Galway/H91 /20/912/Co. Galway; "
        "Dún Laoghaire/A96 /20/913/Co. Dublin; Limerick/V94 /20/914/Co. Limerick",
        ends=(_EIRCODE_ENDS, _FOUR),
    ),
    _locale(
        "de",
        "Germany",
        dialing=("49", "0"),
        titles="Herr; Herr; Herr; Herr Dr. | Frau; Frau; Frau; Frau Dr.",
        men="Bernd; Detlef; Günter; Hannes; Jörg; Jürgen; Matthias; Sören; Tobias; Wolfram",
        women="Annegret; Bärbel; Frauke; Gudrun; Heike; Katharina; Käthe; Sabine; Silke; Ulrike",
        last="Ackermann; Böttcher; Eßer; Großmann; Hübner; Jäger; Kösters; Möllenkamp; Rößler; Schäferling; "
        "Vogelsang; Weißenfels",
        line1="{street} {number}",
        streets="Hauptstraße; Bahnhofstraße; Gartenweg; Lindenallee; Schloßplatz; Am Mühlbach; Goethestraße",
        second_lines="Hinterhaus; 3. Stock links; c/o Müller & Söhne; Aufgang B",
        places="Berlin/101/30/23125; Hamburg/203/40/66969; Köln/506/221/4710; Frankfurt am Main/603/69/90009; "
        "München/803/89/99998",
        ends=(_TWO, _THREE),
    ),
    _locale(
        "fr",
        "France",
        dialing=("33", "0"),
        titles="M. | Mme",
        men="Baptiste; Étienne; François; Gaël; Jérôme; Léo; Loïc; Matthieu; Rémi; Théo",
        women="Anaïs; Céline; Chloé; Élodie; Florence; Hélène; Maëlle; Noémie; Solène; Zoé",
        last="Beauchêne; Castelnau; Delorme; Desprès; Gâtinais; Lefèvre; Lemaître; L'Hermitte; Montreuil; Pélissier; "
        "Thévenot; Vaugrenard",
        line1="{number}, {street}",
        streets="rue de la République; avenue des Chênes; place de l'Église; rue du Château; allée des Rosiers; "
        "boulevard Saint-Michel; chemin du Pré",
        second_lines="Bâtiment C; Résidence Les Érables; 2e étage; Appt 14",
        places="Paris/750/1/9900; Rennes/350/2/6191; Strasbourg/670/3/5301; Saint-Étienne/420/4/6571; "
        "Bordeaux/330/5/3649",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "es",
        "Spain",
        dialing=("34", ""),
        titles="Sr.; Sr.; D. | Sra.; Sra.; Dña.",
        men="Álvaro; Andrés; Borja; Hernán; Iñaki; Joaquín; José Ramón; Martín; Óscar; Víctor",
        women="Ainhoa; Begoña; Concepción; Inés; Leticia; Lucía; Marisol; Nuria; Rocío; Verónica",
        last="Alarcón Ibáñez; Bermúdez Peña; Cañizares Vidal; Domínguez Soler; Esteban Muñoz; Fariñas Rueda; "
        "Gálvez Ordóñez; Núñez Carrasco; Quiñones Lara; Sepúlveda Marín; Villaseñor Rey; Zubizarreta Gil",
        line1="{street}, {number}",
        streets="Calle Mayor; Calle del Olmo; Avenida de la Constitución; Plaza de España; Paseo Marítimo; "
        "Calle Peñalara",
        second_lines="3.º izda.; Bajo B; Escalera 2, 1.º D; Ático",
        places="Madrid/280/91/099; Barcelona/080/93/099; Sevilla/410/95/499; Valencia/460/96/399; A Coruña/150/981/59",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "pl",
        "Poland",
        dialing=("48", ""),
        titles="Pan | Pani",
        men="Bartłomiej; Grzegorz; Jarosław; Łukasz; Mieczysław; Paweł; Stanisław; Szymon; Wojciech; Zbigniew",
        women="Agnieszka; Bożena; Elżbieta; Grażyna; Jadwiga; Katarzyna; Małgorzata; Urszula; Zofia; Żaneta",
        last="Brzozowicki; Dąbrówka; Gąsiorek; Jabłonowicz; Kołodziejek; Łęcki; Mączyński; Ostrowiecki; Różański; "
        "Śliwowski; Wierzbowski; Żurawiński | Brzozowicka; Dąbrówka; Gąsiorek; Jabłonowicz; Kołodziejek; Łęcka; "
        "Mączyńska; Ostrowiecka; Różańska; Śliwowska; Wierzbowska; Żurawińska",
        line1="{street} {number}",
        streets="ul. Długa; ul. Kościelna; ul. Słowackiego; al. Niepodległości; ul. Źródlana; pl. Wolności",
        second_lines="m. 4; m. 27; klatka B; II piętro",
        places="Warszawa/00-/22/699; Kraków/30-/12/699; Łódź/90-/42/699; Wrocław/50-/71/699; Gdańsk/80-/58/699",
        ends=(_THREE, _FOUR),
    ),
    _locale(
        "gr",
        "Greece",
        dialing=("30", ""),
        titles="κ. | κα",
        men="Αλέξανδρος/alexandros; Ανδρέας/andreas; Δημήτρης/dimitris; Ευάγγελος/evangelos; Θανάσης/thanasis; "
        "Κωνσταντίνος/konstantinos; Λευτέρης/lefteris; Νικόλαος/nikolaos; Σπύρος/spyros; Χρήστος/christos",
        women="Αγγελική/angeliki; Βασιλική/vasiliki; Δήμητρα/dimitra; Ελένη/eleni; Ευτυχία/eftychia; Ιωάννα/ioanna; "
        "Κατερίνα/katerina; Μαρία/maria; Σοφία/sofia; Χριστίνα/christina",
        last="Αναγνωστάκης/anagnostakis; Βλαχογιάννης/vlachogiannis; Γεωργαντάς/georgantas; Δρακόπουλος/drakopoulos; "
        "Καραμπέτσος/karampetsos; Λαμπρινός/lamprinos; Οικονομάκης/oikonomakis; Παπαστάθης/papastathis; "
        "Ραυτόπουλος/raftopoulos; Σταματιάδης/stamatiadis; Τριανταφύλλου/triantafyllou | Αναγνωστάκη/anagnostaki; "
        "Βλαχογιάννη/vlachogianni; Γεωργαντά/georganta; Δρακοπούλου/drakopoulou; Καραμπέτσου/karampetsou; "
        "Λαμπρινού/lamprinou; Οικονομάκη/oikonomaki; Παπαστάθη/papastathi; Ραυτοπούλου/raftopoulou; "
        "Σταματιάδου/stamatiadou; Τριανταφύλλου/triantafyllou",
        line1="{street} {number}",
        streets="Οδός Ερμού; Λεωφόρος Συγγρού; Οδός Αθηνάς; Πλατεία Ελευθερίας; Οδός Δελφών; Οδός Μυκηνών",
        second_lines="2ος όροφος; Διαμέρισμα 5; Ισόγειο",
        places="Αθήνα/105 /210/680; Θεσσαλονίκη/546 /2310/68; Πάτρα/262 /2610/68; Ηράκλειο/712 /2810/68/Κρήτη; "
        "Λάρισα/412 /2410/68",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "tr",
        "Turkey",
        dialing=("90", "0"),
        titles="Sayın",
        men="Çağlar; Emre; Gökhan; Hüseyin; İbrahim; Kağan; Oğuz; Şükrü; Tuğrul; Yiğit",
        women="Ayşegül; Çiğdem; Elif; Gülay; İpek; Nurşen; Özlem; Selin; Şebnem; Zehra",
        last="Akdoğan; Çelikkol; Dağlıoğlu; Gündoğdu; Işıklar; Karaağaç; Küçükyıldız; Özbilgin; Sarıgöl; Şahinoğlu; "
        "Taşçı; Yağmurlu",
        line1="{street} No:{number}",
        streets="Atatürk Caddesi; İnönü Bulvarı; Gül Sokak; Çınar Sokağı; Bağdat Caddesi; Yıldız Mahallesi",
        second_lines="Kat 3; Daire 8; B Blok; Işık Apartmanı",
        places="İstanbul/343/212/999; Ankara/064/312/999; İzmir/352/232/999; Eskişehir/260/222/999; Muğla/480/252/999",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "bg",
        "Bulgaria",
        dialing=("359", "0"),
        titles="Г-н | Г-жа",
        men="Борислав/borislav; Веселин/veselin; Георги/georgi; Димитър/dimitar; Живко/zhivko; Красимир/krasimir; "
        "Любомир/lyubomir; Пламен/plamen; Румен/rumen; Цветан/tsvetan",
        women="Боряна/boryana; Веселина/veselina; Гергана/gergana; Десислава/desislava; Елица/elitsa; Живка/zhivka; "
        "Милена/milena; Радостина/radostina; Снежана/snezhana; Цветелина/tsvetelina",
        last="Божинов/bozhinov; Велчев/velchev; Гърдев/gardev; Калинчев/kalinchev; Лозанов/lozanov; Мутафов/mutafov; "
        "Пройков/proykov; Стоименов/stoimenov; Чолаков/cholakov; Яворски/yavorski | Божинова/bozhinova; "
        "Велчева/velcheva; Гърдева/gardeva; Калинчева/kalincheva; Лозанова/lozanova; Мутафова/mutafova; "
        "Пройкова/proykova; Стоименова/stoimenova; Чолакова/cholakova; Яворска/yavorska",
        line1="{street} {number}",
        streets="ул. Шипка; бул. Витоша; ул. Роза; ул. Дунав; бул. България; ул. Люляк",
        second_lines="вх. Б, ап. 12; ет. 3; бл. 45",
        places="София/10/2/489; Пловдив/40/32/69; Варна/90/52/69; Бургас/80/56/69; Русе/70/82/69",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "ua",
        "Ukraine",
        dialing=("380", "0"),
        titles="Пан | Пані",
        men="Андрій/andrii; Богдан/bohdan; Віталій/vitalii; Григорій/hryhorii; Євген/yevhen; Ігор/ihor; "
        "Олексій/oleksii; Сергій/serhii; Тарас/taras; Юрій/yurii",
        women="Ганна/hanna; Дарина/daryna; Зоряна/zoriana; Катерина/kateryna; Леся/lesia; Наталія/nataliia; "
        "Оксана/oksana; Соломія/solomiia; Тетяна/tetiana; Христина/khrystyna",
        last="Гайдученко/haiduchenko; Дорошук/doroshuk; Козаренко/kozarenko; Лисогорук/lysohoruk; "
        "Млинарчук/mlynarchuk; Опанащук/opanashchuk; Рибальчук/rybalchuk; Соколенко/sokolenko; Ткачишин/tkachyshyn; "
        "Черешнюк/chereshniuk; Яременко/yaremenko; В'язовченко/viazovchenko",
        line1="{street}, {number}",
        streets="вул. Садова; вул. Соборна; просп. Свободи; вул. Калинова; вул. В'язова; пл. Ринок",
        second_lines="кв. 7; кв. 34; під'їзд 2",
        places="Київ/010/44/390; Львів/790/32/290/Львівська обл.; Одеса/650/48/790/Одеська обл.; "
        "Харків/610/57/790/Харківська обл.; Чернівці/580/372/99/Чернівецька обл.",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "eg",
        "Egypt",
        dialing=("20", "0"),
        titles="السيد; السيد; د. | السيدة; الآنسة; د.",
        men="أحمد/ahmed; إبراهيم/ibrahim; حسام/hossam; خالد/khaled; سامح/sameh; شريف/sherif; طارق/tarek; كريم/karim; "
        "محمود/mahmoud; ياسر/yasser",
        women="إيمان/eman; بسمة/basma; دينا/dina; رانيا/rania; سلمى/salma; شيماء/shaimaa; فاطمة/fatma; ليلى/laila; "
        "منى/mona; هبة/heba",
        last="البنداري/elbendary; الدسوقي/eldesouky; الشاذلي/elshazly; الصعيدي/elsaidy; العطار/elattar; "
        "الفيومي/elfayoumy; القاضي/elkady; المنشاوي/elmenshawy; النجار/elnaggar; الهواري/elhawary; "
        "عبد الرازق/abdelrazek; عوض الله/awadallah",
        line1="{number} {street}",
        streets="شارع النيل; شارع التحرير; شارع الجمهورية; شارع الهرم; ميدان الأوبرا; شارع البحر",
        second_lines="الدور الثالث; شقة ٥; عمارة ب",
        places="القاهرة/115/2/2999; الإسكندرية/215/3/599; الجيزة/125/2/3899; الأقصر/859/95/299; المنصورة/355/50/299",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "jp",
        "Japan",
        dialing=("81", "0"),
        titles="様",
        men="健太/kenta; 大輔/daisuke; 浩二/koji; 誠一/seiichi; 拓海/takumi; 直樹/naoki; 悠真/yuma; 隆志/takashi; "
        "陽翔/haruto; ケンジ/kenji",
        women="彩花/ayaka; 恵子/keiko; さくら/sakura; 千尋/chihiro; 奈々/nana; 美咲/misaki; 由美子/yumiko; "
        "ひかり/hikari; 明日香/asuka; マリ/mari",
        last="阿久根/akune; 石動/isurugi; 榎本/enomoto; 小野寺/onodera; 柏崎/kashiwazaki; 桐山/kiriyama; "
        "佐久間/sakuma; 白井田/shiraida; 長谷部/hasebe; 三ツ橋/mitsuhashi; 若林/wakabayashi; 渡会/watarai",
        line1="{street}-{number}",
        streets="青葉町1-4; ひばりが丘2-7; 本町3-1; 桜台5-12; みなと通り1-9; 緑ヶ丘4-2",
        second_lines="メゾン青葉 203号室; コーポさくら 105; タワー港 1802号室",
        places="渋谷区/150-/3/5990/東京都; 大阪市北区/530-/6/6990/大阪府; 札幌市中央区/060-/11/299/北海道; "
        "福岡市博多区/812-/92/299/福岡県; 京都市下京区/600-/75/299/京都府",
        ends=(_FOUR, _FOUR),
    ),
    _locale(
        "kr",
        "South Korea",
        dialing=("82", "0"),
        titles="님",
        men="건우/geonu; 동현/donghyeon; 민재/minjae; 상훈/sanghun; 성호/seongho; 영수/yeongsu; 우진/ujin; "
        "정민/jeongmin; 준서/junseo; 태윤/taeyun",
        women="가영/gayeong; 나래/narae; 다은/daeun; 미경/migyeong; 보람/boram; 서연/seoyeon; 수아/sua; 은지/eunji; "
        "지현/jihyeon; 현숙/hyeonsuk",
        last="강/kang; 남궁/namgung; 도/do; 류/ryu; 민/min; 배/bae; 서/seo; 선우/seonu; 안/an; 오/oh; 제갈/jegal; "
        "한/han",
        line1="{street} {number}",
        streets="중앙로; 세종대로; 벚꽃길; 은행나무로; 한강대로; 시청로",
        second_lines="101동 1203호; 3층; 푸른아파트 5동 204호",
        places="종로구/031/2/6990/서울특별시; 해운대구/480/51/990/부산광역시; 중구/419/53/990/대구광역시; "
        "유성구/341/42/990/대전광역시; 제주시/631/64/990/제주특별자치도",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "br",
        "Brazil",
        dialing=("55", "0"),
        titles="Sr. | Sra.; Sra.; Dra.",
        men="Aílton; Cauã; Fábio; Flávio; Gonçalo; João Vítor; Luís Otávio; Mário; Rogério; Sérgio",
        women="Antônia; Cecília; Débora; Flávia; Heloísa; Inês; Lívia; Mônica; Patrícia; Tainá",
        last="Araújo Prates; Assunção Muniz; Botelho Falcão; Brandão da Luz; Guimarães Leite; Leitão Cordeiro; "
        "Magalhães Tozzi; Nóbrega Pinheiro; Simões Valente; Vasconcelos Braga",
        line1="{street}, {number}",
        streets="Rua das Flores; Avenida São João; Travessa da Estação; Rua Quinze de Novembro; Alameda dos Ipês",
        second_lines="Apto 32; Bloco B; Casa 2; Sala 1104",
        places="São Paulo/01310-/11/3990/SP; Rio de Janeiro/20040-/21/3990/RJ; Salvador/40020-/71/3990/BA; "
        "Brasília/70040-/61/3990/DF; Belém/66010-/91/3990/PA",
        ends=(_THREE, _FOUR),
    ),
    _locale(
        "in",
        "India",
        dialing=("91", "0"),
        titles="Mr; Shri | Ms; Smt.",
        men="Aditya; Arjun; Devendra; Gopal; Harish; Karthik; Mohan; Prakash; Rajesh; Suresh",
        women="Ananya; Deepa; Gayatri; Kavitha; Lakshmi; Meenakshi; Nandini; Priya; Shreya; Sunita",
        last="Bhattacharjee; Chaudhuri; Deshpande; Iyengar; Kulkarni; Mukhopadhyay; Nambiar; Parthasarathy; "
        "Raghunathan; Thirumalai; Venkatesan",
        line1="{number}, {street}",
        streets="MG Road; Station Road; 4th Cross, 2nd Main; Temple Street; Lake View Road; Nehru Nagar",
        second_lines="Flat 302, Shanti Apartments; Opp. City Hospital; 2nd Floor; Block C",
        places="Mumbai/4000/22/6990/Maharashtra; New Delhi/1100/11/6990/Delhi; Bengaluru/5600/80/6990/Karnataka; "
        "Chennai/6000/44/6990/Tamil Nadu; Kolkata/7000/33/6990/West Bengal",
        ends=(_TWO, _FOUR),
    ),
    _locale(
        "us",
        "United States",
        dialing=("1", ""),
        titles="Mr.; Mr.; Mr.; Dr. | Ms.; Mrs.; Ms.; Dr.",
        men="Brandon; Curtis; Darnell; DeShawn; Elijah; Garrett; Jamal; Marcus; Tyler; Wyatt",
        women="Ashley; Brittany; Destiny; Guadalupe; Hailey; Keisha; Madison; Savannah; Tamika; Whitney",
        last="Abernathy; Begaye; Castellanos; Delacroix; Eastman; Hollingsworth; Kowalczyk; Lindqvist; Nakagawa; "
        "Okafor; Rutherford; Vandermeer",
        line1="{number} {street}",
        streets="Main Street; Oak Avenue; 2nd Street NW; Maple Drive; Lincoln Boulevard; County Road 9",
        second_lines="Apt 4B; Suite 210; Unit 7; # 12",
        places="Chicago/606/312/55501/IL; Boston/021/617/55501/MA; Austin/787/512/55501/TX; Seattle/981/206/55501/WA; "
        "Albuquerque/871/505/55501/NM",
        ends=(_TWO, _TWO),
    ),
)
"""The countries; each is as likely as any other."""
