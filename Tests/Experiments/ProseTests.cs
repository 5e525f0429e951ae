using IlgpuXai.Experiments;
using IlgpuXai.Stats;
using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>What the report says about results made by hand.</summary>
public class ProseTests
{
    const string How = "at the 5 % level (Welch's t-test on the drop of the logit, Holm-corrected over 3 regions)";

    [Test]
    public void The_answer_when_every_region_differs() =>
        Assert.That(Answer(Region("top", 1, 2, 0.01, 0.6), Region("middle", 3, 5, 0.001, 1.5), Region("bottom", 0.5, 0.9, 0.04, 0.3)),
            Is.EqualTo($"Yes: cat and dog differ in every region {How}. The mean drop of the logit is larger for dog in each of them. The largest effect is in the middle third: |d| = 1.50."));

    [Test]
    public void The_answer_when_one_region_differs() =>
        Assert.That(Answer(Region("top", 2, 1, 0.2, 0.1), Region("middle", 5, 3, 0.001, 1.5), Region("bottom", 1, 1, 1, 0)),
            Is.EqualTo($"In part: cat and dog differ in 1 of 3 regions, middle, {How}. The mean drop of the logit is larger for cat there. The effect is |d| = 1.50."));

    [Test]
    public void The_answer_when_no_region_differs() =>
        Assert.That(Answer(Region("top", 1, 2, 0.06, 0.6), Region("middle", 3, 5, 0.051, 1.5), Region("bottom", 1, 1, 1, 0)),
            Is.EqualTo($"No difference between cat and dog was found in any region {How}."));

    [Test]
    public void The_answer_when_regions_differ_in_opposite_directions() =>
        Assert.That(Answer(Region("top", 1, 2, 0.01, 0.6), Region("middle", 5, 3, 0.001, -1.5), Region("bottom", 1, 2, 0.01, 0.7)),
            Is.EqualTo($"Yes: cat and dog differ in every region {How}. The mean drop of the logit is larger for dog in the top and bottom and for cat in the middle. " +
                       "The largest effect is in the middle third: |d| = 1.50."));

    [Test]
    public void The_answer_when_a_region_has_no_p_value() =>
        Assert.That(Answer(Region("top", 1, 2, 0.01, 0.6), Region("middle", 1, 1, double.NaN, double.NaN), Region("bottom", 1, 1, 0.5, 0)),
            Is.EqualTo($"In part: cat and dog differ in 1 of 3 regions, top, {How}. The mean drop of the logit is larger for dog there. The effect is |d| = 0.600. " +
                       "No test was possible in the middle: the values do not vary there."));

    [Test]
    public void The_answer_says_when_the_scores_disagree()
    {
        var same = Region("top", 1, 1, 1, 0);
        var r = Results([new(ClassScore.Logit, [same, same, same], Whole(2, 1, 0.01)), new(ClassScore.Probability, [same, same, same], Whole(0.1, 0.2, 0.02))]);
        Assert.That(Plain(Prose.Answer(r)), Does.EndWith("Over the whole image the two scores disagree: the drop of the logit is larger for cat, the drop of the probability for dog."));
    }

    static IEnumerable<TestCaseData> Readings()
    {
        yield return new(Region("top", 1, 2, 0.01, 0.6), "The top third of a dog is more sensitive than that of a cat: covering part of it lowers the logit by 2.00 on average, against 1.00 " +
                                                         "(difference 1.00, 95 % interval 0.500 to 1.50; p = 0.010 after Holm's correction; medium effect, |d| = 0.600).");
        yield return new(Region("top", 1, 2, 0.4, 0.1), "The top third: no clear difference. Covering part of it lowers the logit by 2.00 on average for dog and by 1.00 for cat " +
                                                        "(difference 1.00, 95 % interval 0.500 to 1.50; p = 0.400 after Holm's correction).");
        yield return new(Region("top", -2, -1, 0.01, 1.3), "The top third: the groups differ. Covering part of it raises the logit by 1.00 on average for dog and by 2.00 for cat " +
                                                           "(difference 1.00, 95 % interval 0.500 to 1.50; p = 0.010 after Holm's correction; very large effect, |d| = 1.30).");
        yield return new(Region("top", 0.5, -0.02, 0.01, 0.9), "The top third: the groups differ. Covering part of it lowers the logit by 0.500 on average for cat and raises the logit by 0.0200 for dog " +
                                                               "(difference 0.520, 95 % interval 0.0200 to 1.02; p = 0.010 after Holm's correction; large effect, |d| = 0.900).");
        yield return new(Region("top", 0, 0, double.NaN, double.NaN), "The top third: no test is possible, the values do not vary. Covering part of it leaves the logit as it is on average for cat and leaves the logit as it is for dog.");
        yield return new(Whole(1, 2, 0.02), "The whole image of a dog is more sensitive than that of a cat: covering part of it lowers the logit by 2.00 on average, against 1.00 " +
                                            "(difference 1.00, 95 % interval 0.500 to 1.50; p = 0.020; medium effect, |d| = 0.500).");
    }

    [TestCaseSource(nameof(Readings))]
    public void A_region_reads(RegionOutcome region, string sentence)
    {
        var score = new ScoreOutcome(ClassScore.Logit, [region, region, region], Whole(1, 2, 0.02));
        Assert.That(Plain(Prose.Reading(Results([score]), score, region)), Is.EqualTo(sentence));
    }

    [TestCase(1, 2, 0.02, "Here the mean drop of the logit over the whole image is larger for dog (2.00 against 1.00; t = −3.000 by Student's test, p = 0.020).")]
    [TestCase(2, 1, 0.3, "Here the mean drop of the logit over the whole image is 2.00 for cat and 1.00 for dog, no clear difference (t = 3.000 by Student's test, p = 0.300).")]
    [TestCase(0, 0, double.NaN, "Here the mean drop of the logit over the whole image is 0 for cat and 0 for dog; no test is possible, the values do not vary.")]
    public void The_direction_over_the_whole_image_reads(double cats, double dogs, double p, string sentence)
    {
        var region = Region("top", 1, 2, 0.5, 0.1);
        Assert.That(Plain(Prose.Directions(Results([new(ClassScore.Logit, [region, region, region], Whole(cats, dogs, p))]))), Is.EqualTo(sentence));
    }

    [TestCase(0.19, "very small"), TestCase(-0.2, "small"), TestCase(0.5, "medium"), TestCase(-0.8, "large"), TestCase(1.2, "very large"), TestCase(double.NaN, "undefined")]
    public void Effects_have_words(double d, string word) => Assert.That(Prose.Magnitude(d), Is.EqualTo(word));

    static string Answer(params RegionOutcome[] regions) => Plain(Prose.Answer(Results([new(ClassScore.Logit, regions, Whole(1, 1, 0.9))])));

    static string Plain(string text) => text.Replace('\u00A0', ' ');

    static RegionOutcome Whole(double cats, double dogs, double p) => Outcome(GroupComparison.WholeImage, cats, dogs, p, null, 0.5);

    static RegionOutcome Region(string name, double cats, double dogs, double p, double d) => Outcome(name, cats, dogs, p / 3, p, d);

    static RegionOutcome Outcome(string name, double cats, double dogs, double p, double? holm, double d)
    {
        double difference = cats - dogs;
        var t = new TTestOutcome(3 * Math.Sign(difference), 18, p, holm, difference, difference - 0.5, difference + 0.5);
        var effect = new EffectOutcome(d, d - 1, d + 1);
        return new(name, [Group("cat", cats), Group("dog", dogs)], t, t, new(50, p, holm), effect, effect, effect);
    }

    static GroupOutcome Group(string name, double mean) => new(name, 10, mean, mean - 1, mean + 1, 1, mean);

    static RunResults Results(IReadOnlyList<ScoreOutcome> scores) => new(
        "pets", "Cats or dogs?", "They differ.", new("IlgpuXai", "0", ".NET"), "cpu", 1, new("pets", 20, 28, 28, "00"),
        new("mnist-cnn", "weights", "00", 1, 0.9, ClassificationReport.Of(ConfusionMatrix.Of([0, 1], [0, 1], ["cat", "dog"])), null),
        new("occlusion", 7, 1, "0", 9), Experiments.Region.Rows(["top", "middle", "bottom"], 28), [new("cat", 0, 10, 10, [0]), new("dog", 1, 10, 10, [1])],
        0.95, [TestKind.Welch, TestKind.Student, TestKind.MannWhitney], [], scores, [], null);
}
