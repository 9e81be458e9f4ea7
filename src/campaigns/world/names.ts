/** A group of names that go together. */
export type Culture = string;

interface Names {
  readonly given: readonly string[];
  readonly family: readonly string[];
}

const namesOf = (given: string, family: string): Names => ({ given: given.split(' '), family: family.split(' ') });

/** Common names in Latin letters, as people write them in mail addresses. */
const table: Readonly<Record<string, Names>> = {
  english: namesOf(
    'james mary robert linda michael sarah william emma david olivia thomas chloe daniel grace matthew hannah andrew lucy ryan megan kevin laura brian rachel jason amy justin nicole eric katie tyler ashley aaron julia scott kelly ben alice sam zoe max ella luke ruby',
    'smith jones brown taylor wilson davies evans johnson walker wright thompson white roberts hall green wood clark baker hill scott moore cooper ward king turner parker harris martin morris lee young allen mitchell carter phillips campbell anderson bell murray reed cook bailey',
  ),
  german: namesOf(
    'lukas anna leon laura felix lena jonas julia paul sarah tim lisa jan katharina niklas marie stefan sabine thomas claudia markus petra andreas susanne philipp hannah moritz sophie florian nina tobias eva',
    'mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann koch bauer richter klein wolf schroeder neumann schwarz zimmermann braun krueger hofmann hartmann lange werner krause lehmann schmid maier koehler',
  ),
  french: namesOf(
    'lucas emma hugo lea louis chloe jules manon nathan camille theo sarah thomas julie nicolas marie pierre claire antoine sophie maxime pauline quentin mathilde julien elodie romain aurelie',
    'martin bernard dubois thomas robert richard petit durand leroy moreau simon laurent lefebvre michel garcia david bertrand roux vincent fournier morel girard andre mercier dupont lambert bonnet',
  ),
  spanish: namesOf(
    'alejandro maria javier lucia carlos paula diego sofia pablo carmen sergio ana miguel laura jorge elena david marta luis andrea juan valentina jose camila manuel daniela ricardo gabriela fernando isabel',
    'garcia rodriguez gonzalez fernandez lopez martinez sanchez perez gomez martin jimenez ruiz hernandez diaz moreno alvarez romero navarro torres dominguez vazquez ramos gil ramirez serrano reyes cruz santos flores',
  ),
  portuguese: namesOf(
    'joao maria pedro ana lucas juliana gabriel beatriz rafael larissa felipe camila matheus fernanda bruno amanda thiago leticia rodrigo mariana gustavo isabela leonardo patricia daniel carolina',
    'silva santos oliveira souza rodrigues ferreira alves pereira lima gomes costa ribeiro martins carvalho almeida lopes soares fernandes vieira barbosa rocha dias nascimento andrade moreira',
  ),
  italian: namesOf(
    'francesco giulia alessandro sofia lorenzo aurora mattia martina andrea chiara gabriele sara riccardo elena tommaso francesca marco valentina luca federica davide silvia',
    'rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti mancini costa giordano rizzo lombardi moretti barbieri fontana santoro mariani',
  ),
  dutch: namesOf(
    'daan emma sem sophie lucas julia bram anna thijs lotte jeroen sanne pieter femke maarten iris joris eline ruben anouk',
    'devries jansen vandenberg bakker visser smit meijer deboer mulder degroot bos vos peters hendriks dekker brouwer vandijk vanleeuwen',
  ),
  nordic: namesOf(
    'erik anna lars emma johan maja anders elin nils ida oskar linnea karl frida mikkel freja magnus sofie henrik astrid',
    'andersson johansson karlsson nilsson eriksson larsson olsson persson svensson hansen jensen nielsen pedersen kristensen rasmussen berg lund holm',
  ),
  polish: namesOf(
    'jan anna piotr maria krzysztof katarzyna andrzej malgorzata tomasz agnieszka pawel barbara michal ewa marcin magdalena jakub joanna mateusz aleksandra',
    'nowak kowalski wisniewski wojcik kowalczyk kaminski lewandowski zielinski szymanski wozniak dabrowski kozlowski jankowski mazur krawczyk piotrowski grabowski',
  ),
  turkish: namesOf(
    'mehmet fatma mustafa ayse ahmet emine ali hatice huseyin zeynep hasan elif murat meryem emre merve burak esra can selin',
    'yilmaz kaya demir sahin celik yildiz yildirim ozturk aydin ozdemir arslan dogan kilic aslan cetin kara koc kurt ozkan simsek',
  ),
  arabic: namesOf(
    'mohamed fatima ahmed aisha omar mariam ali zainab hassan noor youssef sara khaled layla ibrahim hana mahmoud salma tariq amina bilal hira usman ayesha',
    'khan ali hassan hussein ahmed mahmoud ibrahim saleh mansour farouk nasser hamdan rahman malik shah qureshi sheikh iqbal mirza chaudhry aziz',
  ),
  indian: namesOf(
    'rahul priya amit anjali rohan sneha vikram pooja arjun kavya sanjay divya karthik neha aditya ishita suresh lakshmi rajesh meera varun shreya deepak nisha manish ritu akash swati',
    'sharma patel singh kumar gupta reddy nair iyer mehta joshi verma rao das agarwal shah mishra chopra kapoor bose menon pillai yadav desai kulkarni banerjee',
  ),
  chinese: namesOf(
    'wei fang min jing lei yan jun li qiang na tao xin hao ying peng juan bo xue ming lin chen yu kai jie hui zhen yang mei feng ting',
    'wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng han feng cao peng',
  ),
  japanese: namesOf(
    'haruto yui sota hina yuto aoi haruki sakura riku rin takumi mio kenta misaki daiki nanami shota ayaka ryo yuka naoki emi',
    'sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto inoue kimura hayashi shimizu mori',
  ),
  korean: namesOf(
    'minjun seoyeon jihoon jiwoo seojun soyeon doyun haeun junho minji hyunwoo yuna donghyun eunji sungmin jisoo taehyun sumin',
    'kim lee park choi jung kang cho yoon jang lim han oh seo shin kwon hwang ahn song',
  ),
  vietnamese: namesOf(
    'minh anh huy linh tuan trang hoang thao duc huong nam lan long mai quan ngoc khanh phuong son hanh',
    'nguyen tran le pham hoang phan vu dang bui do ho ngo duong ly',
  ),
  thai: namesOf(
    'somchai siriporn nattapong kanya thanawat pim kittisak ploy anucha nok chai malee prasert sunisa',
    'saetang wongsa chaiyasit srisuk boonmee thongchai rattana suksawat phromma jaidee',
  ),
  indonesian: namesOf(
    'budi siti agus dewi andi putri rizky ayu dimas nur fajar rina hendra wati yoga fitri bayu indah arif lestari',
    'santoso wijaya pratama saputra hidayat nugroho setiawan kurniawan susanto siregar lubis putra rahman gunawan wibowo',
  ),
  african: namesOf(
    'chinedu ngozi emeka amara tunde folake ibrahim zainab kwame ama thabo lerato sipho naledi chidi adaeze yusuf halima',
    'okafor adeyemi okeke balogun eze mensah owusu nkosi dlamini mokoena abubakar bello ogunleye nwosu mbeki ndlovu',
  ),
  hebrew: namesOf(
    'noam noa itai maya ori tamar yonatan shira daniel yael amit michal eyal rotem',
    'cohen levi mizrahi peretz biton dahan avraham friedman shapira katz golan',
  ),
};

const [anyNames] = Object.values(table);

export function namesOfCulture(culture: Culture): Names {
  const names = table[culture] ?? anyNames;
  if (names === undefined) throw new Error('the table of names is empty');
  return names;
}

/** For made-up companies, domains and nicknames. */
export const words: readonly string[] =
  'blue river stone cloud north bright maple silver iron green solar ocean pixel rapid quiet amber lunar delta prime nova urban forest harbor summit cedar coral echo falcon granite hollow ivory jade kite lotus meadow nimbus orbit panda quartz raven sage tiger umber velvet willow zenith arrow breeze comet drift ember frost glade haven inlet jungle kernel lemon marble nectar oasis pepper ripple spark thistle vertex wander yonder'.split(
    ' ',
  );
