/// The tasks as transcribed from KOMBIT's documents, apart from the library's own data, to compare with.
///
/// `key;side;responsible>performer;needs;twin;mode;frequency;concern`. A need with `*` is implied and not printed, with
/// `?` read off an unclear diagram; `FF202→FFH202` is printed as the first and read as the second.
enum TranscribedTasks {
  static let rows = text.split(separator: "\n").map { line in
    line.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
  }

  private static let text = """
    SF1630:10;sender V;V>V;;;must;once;agr
    SF1630:20;sender V + M;M>V;;;must;once;agr
    SF1630:30;sender V;V>V;;;must;once;infref
    SF1630:40;K;K>K;30;;must;once;infref
    SF1630:50;sender V;sendingV>sendingV;;;must;once;sftp
    SF1630:60;receiver V;M>receivingV;;;must;once;sftp
    SF1630:70;V;V>byagreementbetweenauthorityandvendors;50,60,30(assigned)*;;must;auth;sftp+infref
    SF1590_D:FM01;Y;IO>IA;;;must;auth;adm
    SF1590_D:FM02;Y/H;FA(debitor,sic)>FA(H);;;must;auth;adm
    SF1590_D:FM03;Y/F;FA(F)>FA(F);;;must;auth;adm
    SF1590_D:FM04;Y;IO>IA;FM01;;must;auth;sort+sftp
    SF1590_D:FF100;F;FA>FA;;;must;sys+auth;adm
    SF1590_D:FF101;F;FA>FA;;;must;sys;adm
    SF1590_D:FF102;F;FA>FA;;;must;sys;ws
    SF1590_D:TF101;F;FA>FA;;;cond;sys;ws
    SF1590_D:TF102;F;SA>SA;;;cond;sys;agr
    SF1590_D:TF105;F;FA>SP;FF102;;must;sys;ws
    SF1590_D:TF106;F;FA>FA;TF126-A;;cond;sys;mon+sort
    SF1590_D:FFH200;H;FA>FA;;;must;sys+auth;adm
    SF1590_D:FFH202;H;FA>FA;;;must;sys+auth;ws
    SF1590_D:TFH201;H;FA>HD;FF202→FFH202;;must;sys+auth;ws
    SF1590_D:TFH202;H;SO>SO;;;must;sys;agr
    SF1590_D:TFH203;H;SO>SO;;TF107;must;sys+auth;agr
    SF1590_D:TFH204;H;FA>FA;;;opt;sys;ws
    SF1590_D:TFH205;H;FA>FA;;;must;sys;sftp
    SF1590_D:TFH206;H;FA>FA;TF111;;must;sys;mon+sort
    SF1590_D:TFH207;H;SO>SA;;TF115;must;sys;agr
    SF1590_D:TF107;F;FA>FA;;TFH203;must;link+auth;agr
    SF1590_D:TF108;F;SA>AD;;TFH217;cond;link;agr
    SF1590_D:TF109;F;FA>FA;FFH202;;must;link+auth;ws
    SF1590_D:TF110;F;SA>AD;TF109;;must;link+auth*;ws
    SF1590_D:TF111;F;SA>FA;TF110,FM03*,TFH214*,TFH216*;;must;link;ws+infref
    SF1590_D:TF112;F;SA>AD;;;must;link+auth;adm
    SF1590_D:TF113;F;FA>FA;;TFH209;must;link;agr
    SF1590_D:TF114;F;FA>FA;;;must;link+auth;adm
    SF1590_D:TF115;F;SO>SA;;TFH207;must;link+auth*;agr
    SF1590_D:TF116;F;SA>AD;;TFH218;opt;link+auth*;test
    SF1590_D:TF121;F;FA>FA;;;must;link;sort
    SF1590_D:TF122;F;FA>FA;TF121;;must;link;sort
    SF1590_D:TF123;F;FA>FA;TF122;;must;link;sort
    SF1590_D:TF125;F;SO>AD;TF121,TF123;;cond;link+auth*;sort
    SF1590_D:TF126-A;F;SA>AD;TF122,TFH223,FM04*;;alt:TF126;link+auth;sort+sftp
    SF1590_D:TF126-B;F;FA>FA;TF122;;alt:TF126;link;sort
    SF1590_D:FFH201;H;FA>FA;FF100;;must;link+auth;adm
    SF1590_D:TFH209;H;SO>AD;;TF113;must;link;agr
    SF1590_D:TFH210;H;SO>SO;;;must;link;agr
    SF1590_D:TFH211a;H;FA>FA;TF112;;must;link+auth;adm
    SF1590_D:TFH211b;H;SA>AD;TFH211a;;must;link+auth*;adm
    SF1590_D:TFH212;H;SA>AD;TFH211a;;cond;link+auth;adm
    SF1590_D:TFH213;H;FA>FA;FF102;;must;link+auth;ws
    SF1590_D:TFH214;H;SA>US;TFH213;;must;link+auth;ws
    SF1590_D:TFH215;H;FA>FA;FF102,FFH200*;;must;link+auth*;ws
    SF1590_D:TFH216;H;SA>US;TFH215;;must;link+auth;ws
    SF1590_D:TFH217;H;SA>AD;;TF108;cond;link;agr
    SF1590_D:TFH218;H;SA>AD;;TF116;opt;link+auth*;test
    SF1590_D:TFH222;H;SA>AD;TF122,TFH223,FM04*,TF123*,TFH205*;;must;link+auth;sort+sftp
    SF1590_D:TFH223;H;FA>FA;TFH222*,FM04*,TFH205*;;must;link+auth;sftp+sort+infref
    SF1590_D:TFH224;H;SA>AD;TFH222,TFH223;;must;link+auth;sort
    SF1590_A:FM001;Y;;;;must;auth;sort
    SF1590_A:FM002;Y;;;;must;auth;adm
    SF1590_A:FM003;Y;;;;must;auth;sort
    SF1590_A:TF100;F;;;;must;sys;sftp
    SF1590_A:TF101;F;;TF113_A?;;must;sys?;mon+sort
    SF1590_A:TF102;F;;;;must;sys?;mon
    SF1590_A:FF100;F;;;;must;sys;adm
    SF1590_A:FF101;F;;;;must;sys?;agr
    SF1590_A:FF102;F;;;FB204;cond;sys?;agr
    SF1590_A:FB200;B;;;;must;sys;adm
    SF1590_A:FB201;B;;;;must;sys;agr
    SF1590_A:FB202;B;;;;must;sys;ws
    SF1590_A:FB203;B;;FB202?;;must;sys;ws
    SF1590_A:FB204;B;;;FF102;cond;sys?;agr
    SF1590_A:FB205;B;;FB201?,FB202?;;must;sys?;sftp or ws?
    SF1590_A:TF103;F;;;;must;link;sort
    SF1590_A:TF104;F;;TF103?;;cond;link+auth;sort
    SF1590_A:TF105;F;;;;must;link;agr
    SF1590_A:TF106;F;;TF105?;TB200?;must;link;agr
    SF1590_A:TF107;F;;TB204?,TF105?;TB205?;opt;link;test
    SF1590_A:TF108;F;;FF102?;;must;link;ws
    SF1590_A:TF109;F;;TF108;;must;link;ws
    SF1590_A:TF110;F;;FF102?;;must;link;ws
    SF1590_A:TF111;F;;TF110;;must;link;ws
    SF1590_A:TF112;F;;TF100;;must;link;mon+sftp
    SF1590_A:TF113_A;F;;TF103;;alt:TF113;link;sort+sftp
    SF1590_A:TF113_B;F;;TF103;;alt:TF113;link;sort
    SF1590_A:TB200;B;;;TF106?;must;sys?;agr
    SF1590_A:TB201;B;;;;must;sys?;mon+sftp
    SF1590_A:TB202;B;;;;must;sys?;mon+sort
    SF1590_A:TB203;B;;FM003?;;must;sys?;sftp+sort
    SF1590_A:TB204;B;;TB208;;must;link;sort
    SF1590_A:TB205;B;;TB204?;TF107;opt;link;test
    SF1590_A:TB206;B;;;;must;link;sftp or ws?
    SF1590_A:TB207;B;;TB201;;must;link;sftp
    SF1590_A:TB208;B;;TF113_A;;must;link;sort
    """
}
