"""An XLS as xlwt 1.3 wrote it: nothing in the environment of the tests can write one."""

import base64
import zlib
from typing import Final

__all__ = ["OLD_WORKBOOK"]

# 表一: a title merged over A1:D1; headings in row 2; rows 3 and 5, an 18-digit code first as a
# number, then as text. 隐, hidden: a b / 1 2. 空: nothing.
_PACKED: Final = (
    b"c-rk)T}V_x6h1S1clWO8x|&8BY$9Z33hr89gl<2SPi@vq_5-Hvl41U^)Pp{hWeY(BLJ$_d2=-79Rs@xlk#9W&Mm+"
    b">U<Q6{l6jbz}-p)C9ZvM1_3%Rjzzsr0xb7s!WxpU6U+}+m`d6PpAiW9I1b>M(m!vn5)GJ(lsReXT$hCxLu*D)D3G"
    b"726Y9qDqy)0|gs@*(*<0TS+O<H!J?Fdc_32zPcwOVWtlY(ujk8)}6MV^3m44kCM@h%L)!KFPeA`5yOv#=Mgy*O+U"
    b"u@1!^i6QOW<jf&((S;}o*WC4#^=RHdTPzWz6k}vcNv#%3&#ZEV$$*=~$mJP#zPOXo2L}OIXh1-w?(2b~UZ?B9*CZ"
    b"PZwJ`CTD5`b^k&VEs1%hM|tfbyRU<?bcqIy!N&{JPWtdcim$D464r4NV%gNYQ!)!f|x^Ll;Gc5dAl(R<CoUh@PHl"
    b"XvE&Y33c7A0|S_e1I1y?#;^XMY%03`6zX<Gk%H%tj)e08wgsyKRlz{b_A1N+fnfDk48LYfEtmqBf?0H3@bThXaJ="
    b"O3mdi$tKrWZ_c;or--KOt+eY3x%A=Jc@UcOSyi)RD9BN%XzG*H>gEly@?DQAr>%$Io7bzClHF2J6cmo*fs!oEK4b"
    b"D3MqaGq+$+t9{&<xN<Qe>wQXAO9TMjOCH~L{GuUyU-An;zbyt6~(6yDny02b(1g}vT~sgs1M9Ve;ii2^eNj7b-U)"
    b"m3~f(D9`ked3at)34%QG!Gz4o9n>A}a&6;FgtLDI(re>E(#*#c1t*S$Mm2bv(jE=4SIJjqw-$)|+@6xEpu(N5EmS"
    b"iN2M{=o|H6DpVz$taCNw)aBq!zNtk1bQ`T?h`Sllkz7%)z644(W&~`I|E}rexBX(v>gFnDVIpB1wNUqOul5)GGQY"
    b"B%i>_`2?2q$s97xCrhuH4I4IW*s$@>Ak?RhLw!a&)#dG0|Le?PnzjEX`EPLuI`KJ+KPdM?2j(&8PAPuYfKymwiDl"
    b"|o{}&Pt<LohLgBG@<E#>&dk1sL*eU`20`+Hj`)%j;rv2%sz{{@l5Lv{"
)

OLD_WORKBOOK: Final = zlib.decompress(base64.b85decode(_PACKED))
