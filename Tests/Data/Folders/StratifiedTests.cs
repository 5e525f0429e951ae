using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class StratifiedTests
{
    // 31 of class 0, 12 of class 5, 2 of class 7, mixed.
    static readonly int[] s_labels = [.. Enumerable.Range(0, 45).Select(i => i % 22 == 3 ? 7 : i % 3 == 1 && i < 41 ? 5 : 0)];

    static int Count(IEnumerable<int> part, int label) => part.Count(i => s_labels[i] == label);

    [Test]
    public void A_split_gives_every_class_its_share()
    {
        var split = Stratified.Split(s_labels, 0.2, 0.3, 11);
        Assert.That(split.Training.Concat(split.Validation).Concat(split.Test).Order(), Is.EqualTo(Enumerable.Range(0, 45)));
        foreach (int label in s_labels.Distinct())
        {
            int all = Count(Enumerable.Range(0, 45), label);
            Assert.That(Count(split.Test, label), Is.EqualTo(all * 0.3).Within(1), $"class {label}");
            Assert.That(Count(split.Validation, label), Is.EqualTo(all * 0.2).Within(1), $"class {label}");
        }
        Assert.That((split.Validation.Length, split.Test.Length), Is.EqualTo((9, 14)).Or.EqualTo((9, 13)));
        Assert.That(split.Test, Is.Ordered);
    }

    [Test]
    public void Seeds_matter_and_nothing_else()
    {
        int[] once = Of(3), again = Of(3);
        Assert.That(again, Is.EqualTo(once));
        Assert.That(Of(4), Is.Not.EqualTo(once));

        static int[] Of(ulong seed) => Stratified.Split(s_labels, 0.2, 0.3, seed).Test;
    }

    [TestCase(0, 0), TestCase(0, 1), TestCase(1, 0), TestCase(0.5, 0.5)]
    public void Shares_may_be_nothing_or_all(double validation, double test)
    {
        var split = Stratified.Split(s_labels, validation, test, 1);
        Assert.That(split.Test, Has.Length.EqualTo(45 * test).Within(0.5));
        Assert.That(split.Training, Has.Length.EqualTo(45 * (1 - validation - test)).Within(0.5));
    }

    [TestCase(2), TestCase(5), TestCase(45)]
    public void Folds_are_disjoint_and_equal_in_every_class(int count)
    {
        int[][] folds = Stratified.Folds(s_labels, count, 5);
        Assert.That(folds.SelectMany(f => f).Order(), Is.EqualTo(Enumerable.Range(0, 45)));
        foreach (int label in s_labels.Distinct().Append(-1))
        {
            int[] sizes = [.. folds.Select(f => label < 0 ? f.Length : Count(f, label))];
            Assert.That(sizes.Max() - sizes.Min(), Is.LessThanOrEqualTo(1), $"class {label}");
        }
    }

    [Test]
    public void What_is_no_split_is_refused()
    {
        Assert.That(() => Stratified.Split(s_labels, 0.6, 0.5, 1), Throws.ArgumentException.With.Message.EqualTo("split: 0.6 for validation and 0.5 for test are no shares of a whole"));
        Assert.That(() => Stratified.Split(s_labels, double.NaN, 0.5, 1), Throws.ArgumentException);
        Assert.That(() => Stratified.Folds(s_labels, 46, 1), Throws.ArgumentException.With.Message.StartsWith("folds: 46 of 45 examples"));
        Assert.That(() => Stratified.Folds(s_labels, 1, 1), Throws.ArgumentException);
    }
}
