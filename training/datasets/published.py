"""What is published about iMiGUE, to compare a copy with.

Sources: Liu et al., iMiGUE, CVPR 2021, with the README, Fig. 2 and "evaluation protocol.pdf" of
the authors' repository (linuxsino/iMiGUE); the MiGA challenge's starter kit
(mikecheninoulu/SMG) and the lists of its participants (VUT-HFUT/MiGA2023_Track1,
momiji-bit/MM-Gesture). Shares of classes are in `engine.labels`.
"""

RATE_HZ = 25.0
WIDTH_PX = 1280
HEIGHT_PX = 720

VIDEOS = 359
WINS = 258
LOSSES = 101
SUBJECTS = 72
CLIPS = 18_499
TRAIN_CLIPS = 13_936
TEST_CLIPS = 4_563
LAST_VIDEO = 453
"""Numbers of videos are sparse: 1..453, of which 359 are used."""

BROKEN: dict[int, str] = {
    218: "its skeletons are broken in the release",
    319: "its skeletons are broken in the release",
    347: "its table of skeletons has no rows in the release",
    348: "its table of skeletons has no rows in the release",
}
"""Videos that every published reader leaves out, and why."""


def _numbers(text: str) -> frozenset[int]:
    """Numbers and ranges `63-72`, with commas."""
    found: set[int] = set()
    for word in text.replace("\n", "").replace(" ", "").split(","):
        first, _, last = word.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


TRAIN_SUBJECTS = _numbers(
    """2,4,5,6,9,10,12,13,14,15,17,18,20,21,22,23,25,28,29,30,31,35,36,38,39,41,42,43,44,46,47,48,
    52,53,59,61,62"""
)
TEST_SUBJECTS = _numbers(
    """1,3,7,8,11,16,19,24,26,27,32,33,34,37,40,45,49,50,51,54,55,56,57,58,60,63-72"""
)
"""The cross-subject protocol of micro-gesture recognition: 37 and 35 people."""

MIGA_TRAIN_VIDEOS = 251
"""How many videos the challenge trains on: all but `MIGA_TEST` and `BROKEN`."""

MIGA_TRAIN_CLIPS = 13_670
"""Clips in the challenge's packed training set; `Label.train_count` has them by class."""

MIGA_VALIDATION = _numbers("1,2,3,4,6-11")
"""777 clips. These videos are among the training videos too: drop them there."""

MIGA_VALIDATION_CLIPS = 777

MIGA_TEST = _numbers(
    """54,67,69,70,71,72,74,77,79,85,98,105,106,109,110,111,112,114,116,118,125,126,133,135,138,
    144,148,154,156,161,163,166,167,168,169,196,198,200,201,205,208,212,213,220,235,237,238,
    241-244,262,274,280,292,303,318,320,322,327,329,346,349,355,368,371,375,378,380,385,396,406,
    410,411,413-417,421,423,424,425,428,429,431,436-453"""
)
"""The challenge's 104 test videos, its form of the cross-subject protocol."""

MIGA_TEST_CLIPS = 4_561

EMOTION_TRAIN = _numbers(
    """1,7,8,11,26,27,46,47,48,53,55,57,63,66,67,74,77,84,85,86,91,96,102-106,108,109,112,114,117,
    124,132,134,140,148,157,161-164,167,169,170,172,176,186,196,216,233,236,237,239-243,249,252,
    266,290,297,300,306,310,314,318,319,320,324,334,339,359,360,365,369,377,381,385,392,402,407,
    410,411,413,414,415,420,429,433,435,436,440,441,445,448-453"""
)
"""102 videos, 51 won and 51 lost. 38 of them are among `MIGA_TEST`."""

EMOTION_TEST = _numbers(
    """9,10,12,16,28,35,43,49-52,54,56,60,71,72,83,89,95,100,107,110,111,121,131,136,144,145,165,
    166,168,171,174,179,185,191,193,212,220,223,230,231,232,234,235,238,244,246,254,258,262,263,
    268,270,276,280,282,303,304,311,312,313,315,316,317,322,323,325,327,328,329,333,337,341,343,
    344,363,374,400,401,403-406,408,416,417,419,421,428,430,431,437,438,439,442,443,444,446,447"""
)
"""100 videos, 50 won and 50 lost. 67 of them are among the challenge's training videos: a
recogniser trained there has seen two thirds of the emotion test."""

SMG_SEQUENCES = 40
SMG_CLIPS = 3_692
SMG_TEST_SUBJECTS = frozenset(range(36, 41))
SMG_LABELS = 17
"""16 micro-gestures and the rest; their order is not published in words, so they have no names."""

SMG_TEST_CLIPS = 610
