"""Known scales of ordered categories; add one per line, indent continuation lines.

Ranks are divided by "<", words of one rank by ",". Case and punctuation do not count.
"""

TEXT = """
none, nil, zero, no < very low, lowest, extremely low < low, lower < medium low, lower
    middle, below average < medium, mid, med, moderate, middle, average, normal < medium
    high, upper middle, above average < high, higher < very high, highest, extremely
    high < critical, extreme
none, no, nil < minimal, minor, very mild < mild, slight, light < moderate, medium <
    marked, severe, heavy, strong, serious < very severe, extreme, critical < fatal
very poor, terrible, awful, very bad, horrible < poor, bad < below average < fair,
    average, ok, okay, neutral, acceptable, typical, regular, so so < above average <
    good < very good < excellent, great, outstanding, exceptional
fair < good < very good < premium < ideal
po < fa < ta < gd < ex
i3 < i2 < i1 < si2 < si1 < vs2 < vs1 < vvs2 < vvs1 < if
never < almost never, very rarely < rarely, seldom, hardly ever < sometimes,
    occasionally < often, frequently, regularly < very often, usually, mostly, almost
    always < always
strongly disagree, completely disagree, totally disagree < disagree < somewhat disagree,
    slightly disagree < neutral, neither, neither agree nor disagree, undecided <
    somewhat agree, slightly agree < agree < strongly agree, completely agree, totally
    agree
very dissatisfied, very unsatisfied < dissatisfied, unsatisfied < neutral < satisfied <
    very satisfied < extremely satisfied
very unlikely < unlikely < neutral, possible < likely < very likely
unimportant, not important < somewhat important < important < very important
first < second < third < fourth < fifth < sixth < seventh < eighth < ninth < tenth
1st < 2nd < 3rd < 4th < 5th < 6th < 7th < 8th < 9th < 10th < 11th < 12th
zero < one < two < three < four < five < six < seven < eight < nine < ten < twelve
xxs, 2xs < xs < s < m < l < xl < xxl, 2xl < xxxl, 3xl < 4xl
tiny, extra small, very small < small < medium, mid size, midsize < large, big < extra
    large, very large, huge
beginner, novice < elementary, basic < intermediate < upper intermediate < advanced <
    expert < master
intern, trainee < entry level, entry, junior, jr < mid, mid level, middle, intermediate
    < senior, sr < lead, staff < principal, executive
a1 < a2 < b1 < b2 < c1 < c2
no schooling, preschool < kindergarten < primary, primary school, elementary, elementary
    school, 1st 4th < 5th 6th < middle school, lower secondary, 7th 8th < 9th < some
    high school, 10th < 11th < 12th < secondary, secondary school, high school, hs grad,
    high school graduate, high school diploma, upper secondary < some college <
    associate, associates, associate degree, associate s degree, assoc voc < assoc acdm
    < bachelor, bachelors, bachelor degree, bachelor s degree, college, university,
    undergraduate, graduation, bsc, ba < master, masters, master degree, master s
    degree, msc, ma, graduate, postgraduate < prof school, professional < doctorate,
    phd, doctoral, doctor
freezing < cold < cool < mild, warm < hot < very hot
very slow < slow < medium, moderate < fast < very fast
weak < moderate, medium < strong < very strong
light < medium < heavy
easy < medium, moderate, normal < hard, difficult < very hard, very difficult
short < medium < tall
short < medium < long
infant, baby < child < teen, teenager, adolescent < young, young adult < adult, middle
    aged < senior, old, elderly
bronze < silver < gold < platinum < diamond
free < basic, standard < plus < premium, pro, professional < enterprise
month to month < one year, 1 year < two year, two years, 2 years
daily < weekly < biweekly, fortnightly < monthly < quarterly < yearly, annually, annual
monday, mon, montag, mo, lundi, lun, lunes, lunedì < tuesday, tue, tues, dienstag, di,
    mardi, mar, martes, martedì < wednesday, wed, weds, mittwoch, mi, mercredi, mer,
    miércoles, mié, mercoledì < thursday, thu, thur, thurs, donnerstag, do, jeudi, jeu,
    jueves, jue, giovedì, gio < friday, fri, freitag, fr, vendredi, ven, viernes, vie,
    venerdì < saturday, sat, samstag, sonnabend, sa, samedi, sam, sábado, sáb, sabato,
    sab < sunday, sun, sonntag, so, dimanche, dim, domingo, dom, domenica
january, jan, januar, jän, janvier, janv, enero, ene, gennaio, gen < february, feb,
    februar, février, févr, febrero, febbraio < march, mar, märz, mär, mrz, mars, marzo
    < april, apr, avril, avr, abril, abr, aprile < may, mai, mayo, maggio, mag < june,
    jun, juni, juin, junio, giugno, giu < july, jul, juli, juillet, juil, julio, luglio,
    lug < august, aug, août, agosto, ago < september, sep, sept, septembre, septiembre,
    settembre, set < october, oct, oktober, okt, octobre, octubre, ottobre, ott <
    november, nov, novembre, noviembre < december, dec, dezember, dez, décembre, déc,
    diciembre, dic, dicembre
q1, 1q, first quarter < q2, 2q, second quarter < q3, 3q, third quarter < q4, 4q, fourth
    quarter
h1, 1h, first half < h2, 2h, second half
niedrig, gering < mittel < hoch < sehr hoch
klein < mittel < groß, gross
schlecht < mittel < gut < sehr gut
faible < moyen, moyenne < élevé, élevée, fort
bajo, baja < medio, media < alto, alta
petit < moyen < grand
never < former, formerly, ex < current, currently
i < ii < iii < iv < v < vi < vii < viii < ix < x
"""

SCALES = tuple(  # for each scale: word → rank
    {
        word: rank
        for rank, words in enumerate(scale.split("<"))
        for word in " ".join(words.split()).split(", ")
    }
    for scale in TEXT.strip().replace("\n    ", " ").splitlines()
)
