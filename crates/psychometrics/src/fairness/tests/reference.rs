//! Values of other programs.

use super::*;

fn assert_dichotomous(item: &ItemDif, wanted: [f64; 11]) {
    let Ok(Stratified::MantelHaenszel(mh)) = item.stratified else { panic!("{:?}", item.stratified) };
    let logistic = item.logistic.unwrap();
    let sibtest = item.sibtest.unwrap();
    let found = [
        mh.test.statistic,
        mh.odds_ratio,
        mh.log_odds_error,
        logistic.uniform.statistic,
        logistic.non_uniform.statistic,
        logistic.r_squared_gain(),
        logistic.log_odds,
        logistic.log_odds_error,
        logistic.slope_difference,
        sibtest.beta,
        sibtest.error,
    ];
    for (k, (found, wanted)) in found.into_iter().zip(wanted).enumerate() {
        near(found, wanted, &format!("{} {k}", item.name));
    }
}

/// Values of R 4.2: `mantelhaen.test` and its Mantel-Haenszel sums, `glm`, and SIBTEST by `mirt`'s conventions.
const DICHOTOMOUS: [[f64; 11]; 8] = [
    [
        0.353_884_146_368,
        0.862_848_886_792,
        0.211_340_922_418,
        0.705_823_139_558,
        0.341_592_630_078,
        0.001_955_402_875_61,
        0.170_771_585_184,
        0.203_681_397_971,
        0.047_569_105_370_2,
        -0.050_611_301_822_8,
        0.042_264_365_735,
    ],
    [
        2.318_927_051_22,
        1.393_299_850_84,
        0.203_954_781_66,
        2.578_534_696_14,
        0.007_770_122_266_27,
        0.004_402_685_529_17,
        -0.327_313_849_024,
        0.203_740_659_926,
        0.007_151_713_412_5,
        0.064_681_203_479_4,
        0.044_556_722_368_6,
    ],
    [
        18.886_602_087_3,
        0.420_994_577_651,
        0.202_135_216_033,
        19.816_025_960_3,
        6.679_714_462_63,
        0.049_115_154_781_3,
        0.896_260_974_038,
        0.206_454_741_096,
        -0.196_522_663_907,
        -0.174_620_886_416,
        0.043_027_348_528_8,
    ],
    [
        1.390_980_512_88,
        0.762_370_076_245,
        0.211_627_190_035,
        1.701_273_113_64,
        0.933_825_433_268,
        0.004_306_252_778_15,
        0.273_505_835_451,
        0.210_603_929_38,
        0.082_144_808_999_7,
        -0.076_191_395_522_7,
        0.044_115_200_737_4,
    ],
    [
        0.010_192_976_763_5,
        0.958_722_518_887,
        0.206_679_391_322,
        0.171_688_849_685,
        7.411_860_146_06,
        0.013_075_278_557_3,
        0.084_704_554_065_8,
        0.204_624_792_261,
        0.216_204_207_651,
        -0.020_440_116_391_5,
        0.042_025_932_691,
    ],
    [
        3.052_176_218_72,
        1.462_545_097_11,
        0.205_675_213_497,
        3.650_950_591_08,
        2.670_721_488_72,
        0.010_887_383_073_4,
        -0.393_554_613_43,
        0.206_009_855_157,
        0.127_624_781_23,
        0.068_146_673_314_2,
        0.043_714_085_876,
    ],
    [
        0.116_646_876_971,
        0.909_874_161_856,
        0.210_390_534_727,
        0.166_662_573_754,
        0.629_526_349_672,
        0.001_559_585_359_69,
        0.085_175_718_576_6,
        0.208_804_477_21,
        0.056_520_778_471_2,
        -0.012_697_739_509_4,
        0.041_010_083_980_2,
    ],
    [
        3.229_670_345_75,
        0.662_506_165_463,
        0.217_801_349_393,
        4.304_580_693_83,
        0.036_765_278_262_4,
        0.008_359_602_124_74,
        0.452_053_703_653,
        0.219_721_866_94,
        0.014_429_431_590_6,
        -0.085_103_534_878_5,
        0.040_743_740_500_8,
    ],
];

#[test]
fn items_of_two_categories_agree_with_r() {
    let report = dif(&responses(&sample()), 0, 1, &DifOptions::default()).unwrap();
    for (item, wanted) in report.items.iter().zip(DICHOTOMOUS) {
        assert_dichotomous(item, wanted);
    }
}

/// Values of R 4.2: Mantel's sums, and `MASS::polr`, whose optimum is good to six digits.
#[test]
fn graded_items_agree_with_r() {
    let wanted = [
        [
            25.667_596_826_8,
            -0.322_664_497_656,
            0.063_028_786_426_1,
            30.371_799_728_1,
            0.191_669_201_18,
            -1.103_021_776_31,
            0.204_495_946_145,
            0.031_391_215_566_5,
            0.474_430_616_193,
            0.086_280_734_062_5,
        ],
        [
            4.425_428_234_2,
            0.123_854_017_201,
            0.062_667_983_806_3,
            2.036_766_268_25,
            0.714_248_250_017,
            0.273_429_207_83,
            0.192_079_415_112,
            0.054_827_441_156_1,
            -0.131_569_959_406,
            0.086_984_593_641_5,
        ],
    ];
    let report = dif(&responses(&sample()), 0, 1, &DifOptions::default()).unwrap();
    for (item, wanted) in report.items[8..].iter().zip(wanted) {
        let Ok(Stratified::Mantel(mantel)) = item.stratified else { panic!("{:?}", item.stratified) };
        let (logistic, sibtest) = (item.logistic.unwrap(), item.sibtest.unwrap());
        let found = [
            mantel.test.statistic,
            mantel.mean_difference,
            mantel.mean_difference_error,
            logistic.uniform.statistic,
            logistic.non_uniform.statistic,
            logistic.log_odds,
            logistic.log_odds_error,
            logistic.slope_difference,
            sibtest.beta,
            sibtest.error,
        ];
        for (k, (found, wanted)) in found.into_iter().zip(wanted).enumerate() {
            near(found, wanted, &format!("{} {k}", item.name));
        }
    }
}

/// The same loop written in R ends with these items and p, with `difR`'s correction for continuity (`mantelhaen.test` leaves
/// it out where the difference is below one half, as for the first and fourth item).
#[test]
fn purification_agrees_with_r() {
    let options = DifOptions { purify: Some(10), ..DifOptions::default() };
    let report = dif(&responses(&sample()), 0, 1, &options).unwrap();
    assert_eq!(report.purification, Purification::Settled { rounds: 3, removed: vec![1, 2, 5, 8] });
    let wanted = [
        0.973_661_605,
        0.020_031_794_6,
        0.002_319_327_44,
        0.969_364_354,
        0.521_016_574,
        0.008_916_861_59,
        0.714_454_571,
        0.510_166_464,
        3.13222981e-07,
        0.792_068_885,
    ];
    for (item, wanted) in report.items.iter().zip(wanted) {
        let p = item.stratified.unwrap().test().p;
        assert!((p / wanted - 1.0).abs() < 1e-7, "{}: {p}", item.name);
        assert!(item.stratified.unwrap().test().adjusted_p >= p);
    }
    let once = dif(&responses(&sample()), 0, 1, &DifOptions { purify: Some(1), ..DifOptions::default() }).unwrap();
    assert!(matches!(once.purification, Purification::NotSettled { rounds: 1, .. }));
}
