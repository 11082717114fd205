"õ$
BHostIDLE"IDLE1Zd;ßÁù@AZd;ßÁù@aìâ€D–ë?iìâ€D–ë?ŠUnknown
iHostMakeIterator"MakeIterator(1/İ$†ŞÇ@9/İ$†Ş·@Aq=
×ÚÇ@Iq=
×Ú·@a¶.æQ÷7º?iÃÊkCİî?ŠUnknown
mHostDeleteIterator"DeleteIterator(1‹lçû)îš@9‹lçû)îŠ@A‹lçû)îš@I‹lçû)îŠ@a™,¢@š?iuSUm¬Sï?ŠUnknown
rHostDataset"Iterator::Root::ParallelMapV2(19´Èv¾ó@99´Èv¾ó~@A9´Èv¾ó@I9´Èv¾ó~@a¢İ»Iÿ?iìB|j¸—ï?ŠUnknown
HostDataset"8Iterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch(1
×£p=nl@9
×£p=n\@A
×£p=nl@I
×£p=n\@aº|G]p@_?iªæª¢X§ï?ŠUnknown
lHostIteratorGetNext"IteratorGetNext(1-²ïKj@9-²ïKZ@A-²ïKj@I-²ïKZ@a:·æ>íç\?iZJ™Ìµï?ŠUnknown
’HostDataset"=Iterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch::Map(1‘í|?5Òn@9‘í|?5ÒN@Aİ$•Kh@Iİ$•KH@af‰ñJ¼´Z?iËÒo÷&Ãï?ŠUnknown
cHostDataset"Iterator::Root(1ªñÒMb§‘@9ªñÒMb§@Aj¼t“la@Ij¼t“lQ@aFi—¨&S?iL‡»KºÌï?ŠUnknown
ƒ	HostDataset".Iterator::Root::ParallelMapV2::Zip[0]::FlatMap(1F¶óıÔÊu@9F¶óıÔÊe@A‘í|?5~\@I‘í|?5~L@ad:ËıQO?iåU.ËÔï?ŠUnknown
w
HostAnonymousIteratorV2"AnonymousIteratorV2(1\Âõ(äT@9\Âõ(äD@A\Âõ(äT@I\Âõ(äD@aª=µ×öF?i&¥LÚï?ŠUnknown
eHost
ZipDataset"
ZipDataset(1ÍÌÌÌÌDS@9ÍÌÌÌÌDC@AÍÌÌÌÌDS@IÍÌÌÌÌDC@a#ƒD.E?iëj<˜ßï?ŠUnknown
jHost_FusedMatMul"model/dense/Relu(19´Èv¾/O@99´Èv¾/?@A9´Èv¾/O@I9´Èv¾/?@aÉ“9Zù#A?iPù’áãï?ŠUnknown
 HostDataset"KIterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch::Map::FiniteRepeat(1Ñ"Ûù~J@9Ñ"Ûù~*@A‹lçû©AE@I‹lçû©A%@agù0ïŸ]7?ioßÄÌæï?ŠUnknown
mHostFlatMapDataset"FlatMapDataset(1–C‹lç[C@9–C‹lç[3@A–C‹lç[C@I–C‹lç[3@aÉêûªG5?iì¾Ñ¹uéï?ŠUnknown
yHostParallelMapDatasetV2"ParallelMapDatasetV2(15^ºIò@@95^ºIò0@A5^ºIò@@I5^ºIò0@a'M­€ 2?i–tÒÉÉëï?ŠUnknown
kHostRepeatDataset"RepeatDataset(1?5^ºIÌ?@9?5^ºIÌ@A?5^ºIÌ?@I?5^ºIÌ@aw_åBz1?iBÑ:
ùíï?ŠUnknown
eHost
MapDataset"
MapDataset(1Âõ(\/>@9Âõ(\/.@AÂõ(\/>@IÂõ(\/.@a!I/Ù—0?i+÷5ìğï?ŠUnknown
qHostAssignVariableOp"AssignVariableOp(1İ$•=@9İ$•-@Aİ$•=@Iİ$•-@aÛü.šä/?iZ×5
òï?ŠUnknown
mHostOptionsDataset"OptionsDataset(1^ºIK6@9^ºIK&@A^ºIK6@I^ºIK&@atÓBNL(?iH>œJ’óï?ŠUnknown
€HostReadVariableOp"$model/dense_1/BiasAdd/ReadVariableOp(1?5^ºIL2@9?5^ºIL"@A?5^ºIL2@I?5^ºIL"@aj-Ÿ³$?i;x'Ôôï?ŠUnknown
iHostRangeDataset"RangeDataset(1ï§ÆKw1@9ï§ÆKw!@Aï§ÆKw1@Iï§ÆKw!@a3˜¥Kø2#?i•2¬Köï?ŠUnknown
kHostTensorDataset"TensorDataset(1ÇK7‰A /@9ÇK7‰A @AÇK7‰A /@IÇK7‰A @a÷aéÏa!?i§Èªh÷ï?ŠUnknown
rHostTensorSliceDataset"TensorSliceDataset(1×£p=
×+@9×£p=
×+@A×£p=
×+@I×£p=
×+@aÃ”\<š?iT©:øï?ŠUnknown
tHostAssignAddVariableOp"AssignAddVariableOp(1oƒÀÊ!%@9oƒÀÊ!@AoƒÀÊ!%@IoƒÀÊ!@a±QÉ—:?iŸWFÌøï?ŠUnknown
jHostSigmoid"model/dense_1/Sigmoid(1)\Âõh$@9)\Âõh@A)\Âõh$@I)\Âõh@a‚”¢öjo?i´Šùï?ŠUnknown
oHostPrefetchDataset"PrefetchDataset(1Zd;ßO$@9Zd;ßO@AZd;ßO$@IZd;ßO@aœù­
?i|4à/úï?ŠUnknown
§HostDataset"RIterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch::Map::FiniteRepeat::Range(1ÙÎ÷Sc#@9ÙÎ÷Sc@AÙÎ÷Sc#@IÙÎ÷Sc@a$Š%(ÓO?i¨uŸ^Úúï?ŠUnknown
mHostReadVariableOp"ReadVariableOp(1}?5^ºI"@9}?5^ºI@A}?5^ºI"@I}?5^ºI@aÇéOH?iñôá0{ûï?ŠUnknown
wHostDataset""Iterator::Root::ParallelMapV2::Zip(1¾Ÿ/İw@9ıÔxé&±^@A¬Zdû!@I`åĞ"Ûù@a4'¿d,Ä?iêERüï?ŠUnknown
XHostRange"range(1ğ§ÆK7É!@9ğ§ÆK7É@Ağ§ÆK7É!@Iğ§ÆK7É@a«hÂ?i*.kºµüï?ŠUnknown
oHost_FusedMatMul"model/dense_1/BiasAdd(1B`åĞ"›!@9B`åĞ"›@AB`åĞ"›!@IB`åĞ"›@a(«š¿]Z?iÿ*YPıï?ŠUnknown
^ HostGatherV2"GatherV2(1òÒMbØ@9òÒMbØ@AòÒMbØ@IòÒMbØ@ay­5g?iÜÓÆÓıï?ŠUnknown
“!HostDataset">Iterator::Root::ParallelMapV2::Zip[0]::FlatMap[0]::TensorSlice(1
×£p=
@9
×£p=
@A
×£p=
@I
×£p=
@a…Énëë?i—9¯uSşï?ŠUnknown
‰"HostDataset"4Iterator::Root::ParallelMapV2::Zip[1]::ForeverRepeat(1ƒÀÊ¡E%@9ƒÀÊ¡E@AÍÌÌÌÌÌ@IÍÌÌÌÌÌ
@a=šÚ“u?i¢şKÉşï?ŠUnknown
X#HostSlice"Slice(1+‡ÙÎw@9+‡ÙÎw@A+‡ÙÎw@I+‡ÙÎw@aSÏ–_ˆ3?ih  ÿï?ŠUnknown
•$HostDataset"@Iterator::Root::ParallelMapV2::Zip[1]::ForeverRepeat::FromTensor(1°rh‘í|@9Ë¡E¶óıô?A°rh‘í|@IË¡E¶óıô?a/_9eN?iåµS[ÿï?ŠUnknown
~%HostReadVariableOp""model/dense/BiasAdd/ReadVariableOp(1İ$•C@9İ$•Cö?Aİ$•C@Iİ$•Cö?a4-#yø>i`ûEŒÿï?ŠUnknown
&HostReadVariableOp"#model/dense_1/MatMul/ReadVariableOp(1ÍÌÌÌÌÌ@9ÍÌÌÌÌÌõ?AÍÌÌÌÌÌ@IÍÌÌÌÌÌõ?ak>‘ö÷>i•3¼ÿï?ŠUnknown
a'HostIdentity"Identity(1 /İ$@9 /İ$â?A /İ$@I /İ$â?aä¬ˆşÏó>i&¤Óãÿï?ŠUnknown
}(HostReadVariableOp"!model/dense/MatMul/ReadVariableOp(1oƒÀÊ¡ù?9oƒÀÊ¡é?AoƒÀÊ¡ù?IoƒÀÊ¡é?aˆ××[æ,ì>işÿÿÿÿÿï?ŠUnknown*±$
iHostMakeIterator"MakeIterator(1/İ$†ŞÇ@9/İ$†Ş·@Aq=
×ÚÇ@Iq=
×Ú·@a$w^éÉÃç?i$w^éÉÃç?ŠUnknown
mHostDeleteIterator"DeleteIterator(1‹lçû)îš@9‹lçû)îŠ@A‹lçû)îš@I‹lçû)îŠ@aQˆ]ÿÔº?i.(
İië?ŠUnknown
rHostDataset"Iterator::Root::ParallelMapV2(19´Èv¾ó@99´Èv¾ó~@A9´Èv¾ó@I9´Èv¾ó~@a“¤püÑÖ®?iw2ÑüÖí?ŠUnknown
HostDataset"8Iterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch(1
×£p=nl@9
×£p=n\@A
×£p=nl@I
×£p=n\@a‹•*¬SŒ?iÍxy­%}í?ŠUnknown
lHostIteratorGetNext"IteratorGetNext(1-²ïKj@9-²ïKZ@A-²ïKj@I-²ïKZ@aDë×\3Š?iß%Ù óåí?ŠUnknown
’HostDataset"=Iterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch::Map(1‘í|?5Òn@9‘í|?5ÒN@Aİ$•Kh@Iİ$•KH@a×0ìá4ˆ?i¢Öà¦ÆFî?ŠUnknown
cHostDataset"Iterator::Root(1ªñÒMb§‘@9ªñÒMb§@Aj¼t“la@Ij¼t“lQ@aé[ÃĞ[?iFFîé5Œî?ŠUnknown
ƒHostDataset".Iterator::Root::ParallelMapV2::Zip[0]::FlatMap(1F¶óıÔÊu@9F¶óıÔÊe@A‘í|?5~\@I‘í|?5~L@ağ£ş•c|?iCıÄî?ŠUnknown
w	HostAnonymousIteratorV2"AnonymousIteratorV2(1\Âõ(äT@9\Âõ(äD@A\Âõ(äT@I\Âõ(äD@a›ÒG£Ğt?iÁç—Zîî?ŠUnknown
e
Host
ZipDataset"
ZipDataset(1ÍÌÌÌÌDS@9ÍÌÌÌÌDC@AÍÌÌÌÌDS@IÍÌÌÌÌDC@a¨{ÃBË2s?i¸nñï?ŠUnknown
jHost_FusedMatMul"model/dense/Relu(19´Èv¾/O@99´Èv¾/?@A9´Èv¾/O@I9´Èv¾/?@aZ“ë™o?iKu‹4ï?ŠUnknown
 HostDataset"KIterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch::Map::FiniteRepeat(1Ñ"Ûù~J@9Ñ"Ûù~*@A‹lçû©AE@I‹lçû©A%@aİ“šíÌ-e?ißöWDIï?ŠUnknown
mHostFlatMapDataset"FlatMapDataset(1–C‹lç[C@9–C‹lç[3@A–C‹lç[C@I–C‹lç[3@aYw|KĞIc?iVŒA(\ï?ŠUnknown
yHostParallelMapDatasetV2"ParallelMapDatasetV2(15^ºIò@@95^ºIò0@A5^ºIò@@I5^ºIò0@a­¹c†6â`?iğÇ^pmï?ŠUnknown
kHostRepeatDataset"RepeatDataset(1?5^ºIÌ?@9?5^ºIÌ@A?5^ºIÌ?@I?5^ºIÌ@aíE˜å’®_?i3¼:¨G}ï?ŠUnknown
eHost
MapDataset"
MapDataset(1Âõ(\/>@9Âõ(\/.@AÂõ(\/>@IÂõ(\/.@a5IL2'^?iXâÓ;QŒï?ŠUnknown
qHostAssignVariableOp"AssignVariableOp(1İ$•=@9İ$•-@Aİ$•=@Iİ$•-@aDøØ«xè\?iÔÎ)xÅšï?ŠUnknown
mHostOptionsDataset"OptionsDataset(1^ºIK6@9^ºIK&@A^ºIK6@I^ºIK&@a:Är	-6V?i6ˆ®à¥ï?ŠUnknown
€HostReadVariableOp"$model/dense_1/BiasAdd/ReadVariableOp(1?5^ºIL2@9?5^ºIL"@A?5^ºIL2@I?5^ºIL"@a;ŒBj0;R?i|©ã&ş®ï?ŠUnknown
iHostRangeDataset"RangeDataset(1ï§ÆKw1@9ï§ÆKw!@Aï§ÆKw1@Iï§ÆKw!@aãHAùfQ?i J££±·ï?ŠUnknown
kHostTensorDataset"TensorDataset(1ÇK7‰A /@9ÇK7‰A @AÇK7‰A /@IÇK7‰A @aŒeïÙ³‚O?iùÅ™P’¿ï?ŠUnknown
rHostTensorSliceDataset"TensorSliceDataset(1×£p=
×+@9×£p=
×+@A×£p=
×+@I×£p=
×+@aŸyA½K?i;$*’Æï?ŠUnknown
tHostAssignAddVariableOp"AssignAddVariableOp(1oƒÀÊ!%@9oƒÀÊ!@AoƒÀÊ!%@IoƒÀÊ!@a£Ù¾zE?iñÓÅËï?ŠUnknown
jHostSigmoid"model/dense_1/Sigmoid(1)\Âõh$@9)\Âõh@A)\Âõh$@I)\Âõh@aüö4ãUD?i°ÖÚĞï?ŠUnknown
oHostPrefetchDataset"PrefetchDataset(1Zd;ßO$@9Zd;ßO@AZd;ßO$@IZd;ßO@a¬ÿõ’úC?i›‘“2ÙÕï?ŠUnknown
§HostDataset"RIterator::Root::ParallelMapV2::Zip[0]::FlatMap::Prefetch::Map::FiniteRepeat::Range(1ÙÎ÷Sc#@9ÙÎ÷Sc@AÙÎ÷Sc#@IÙÎ÷Sc@a( Áæ5QC?iãA€­Úï?ŠUnknown
mHostReadVariableOp"ReadVariableOp(1}?5^ºI"@9}?5^ºI@A}?5^ºI"@I}?5^ºI@aâ%ƒr£8B?i¬âé¨;ßï?ŠUnknown
wHostDataset""Iterator::Root::ParallelMapV2::Zip(1¾Ÿ/İw@9ıÔxé&±^@A¬Zdû!@I`åĞ"Ûù@a	ê;¢–êA?i§q’N¶ãï?ŠUnknown
XHostRange"range(1ğ§ÆK7É!@9ğ§ÆK7É@Ağ§ÆK7É!@Iğ§ÆK7É@a.w˜¸A?i,=°t$èï?ŠUnknown
oHost_FusedMatMul"model/dense_1/BiasAdd(1B`åĞ"›!@9B`åĞ"›@AB`åĞ"›!@IB`åĞ"›@aÂá¸¯ŠA?id+s ‡ìï?ŠUnknown
^HostGatherV2"GatherV2(1òÒMbØ@9òÒMbØ@AòÒMbØ@IòÒMbØ@a%'çş,¼=?iI¦>ğï?ŠUnknown
“ HostDataset">Iterator::Root::ParallelMapV2::Zip[0]::FlatMap[0]::TensorSlice(1
×£p=
@9
×£p=
@A
×£p=
@I
×£p=
@a_1cï<?iin_‰Üóï?ŠUnknown
‰!HostDataset"4Iterator::Root::ParallelMapV2::Zip[1]::ForeverRepeat(1ƒÀÊ¡E%@9ƒÀÊ¡E@AÍÌÌÌÌÌ@IÍÌÌÌÌÌ
@apt·›Á³:?iXå’3÷ï?ŠUnknown
X"HostSlice"Slice(1+‡ÙÎw@9+‡ÙÎw@A+‡ÙÎw@I+‡ÙÎw@a[]4|g1?iäËñ_ùï?ŠUnknown
•#HostDataset"@Iterator::Root::ParallelMapV2::Zip[1]::ForeverRepeat::FromTensor(1°rh‘í|@9Ë¡E¶óıô?A°rh‘í|@IË¡E¶óıô?a%ájå€_/?i’"$éUûï?ŠUnknown
~$HostReadVariableOp""model/dense/BiasAdd/ReadVariableOp(1İ$•C@9İ$•Cö?Aİ$•C@Iİ$•Cö?ak.nÇ.&?it›Õ¸üï?ŠUnknown
%HostReadVariableOp"#model/dense_1/MatMul/ReadVariableOp(1ÍÌÌÌÌÌ@9ÍÌÌÌÌÌõ?AÍÌÌÌÌÌ@IÍÌÌÌÌÌõ?azã¹m¸%?i­£v\şï?ŠUnknown
a&HostIdentity"Identity(1 /İ$@9 /İ$â?A /İ$@I /İ$â?aæ—,Mõ!?iv6H±3ÿï?ŠUnknown
}'HostReadVariableOp"!model/dense/MatMul/ReadVariableOp(1oƒÀÊ¡ù?9oƒÀÊ¡é?AoƒÀÊ¡ù?IoƒÀÊ¡é?a3Â0ùÖ‰?iüÿÿÿÿÿï?ŠUnknown2CPU