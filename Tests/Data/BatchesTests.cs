using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class BatchesTests
{
    // Fisher–Yates over SeededRandom(2024, 3), done in Python.
    [Test]
    public void A_seed_and_epoch_always_give_the_same_order() =>
        Assert.That(new Batches(10, 4, seed: 2024).Order(3), Is.EqualTo(new[] { 3, 0, 4, 8, 2, 7, 9, 6, 5, 1 }));

    [Test]
    public void Without_a_seed_the_order_ascends() => Assert.That(new Batches(5, 2).Order(7), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));

    [TestCase(10, 4, false, new[] { 4, 4, 2 })]
    [TestCase(10, 4, true, new[] { 4, 4 })]
    [TestCase(8, 4, false, new[] { 4, 4 })]
    [TestCase(3, 4, true, new int[] { })]
    [TestCase(0, 4, false, new int[] { })]
    public void A_last_partial_batch_is_kept_or_dropped(int count, int size, bool dropLast, int[] sizes)
    {
        var batches = new Batches(count, size, 1, dropLast);
        Assert.That(batches.Count, Is.EqualTo(sizes.Length));
        Assert.That(batches.Epoch(0).Select(b => b.Length), Is.EqualTo(sizes));
    }

    [Test]
    public void An_epoch_visits_every_example_once_and_the_next_in_another_order()
    {
        var batches = new Batches(103, 10, seed: 9);
        int[] first = [.. batches.Epoch(0).SelectMany(b => b.ToArray())], second = [.. batches.Epoch(1).SelectMany(b => b.ToArray())];
        Assert.That(first.Order(), Is.EqualTo(Enumerable.Range(0, 103)));
        Assert.That(second.Order(), Is.EqualTo(Enumerable.Range(0, 103)));
        Assert.That(second, Is.Not.EqualTo(first));
        Assert.That(new Batches(103, 10, seed: 10).Order(0), Is.Not.EqualTo(first));
    }

    [Test]
    public void Resuming_at_a_batch_gives_the_rest_of_the_epoch()
    {
        var batches = new Batches(23, 5, seed: 3);
        int[][] whole = [.. batches.Epoch(4).Select(b => b.ToArray())];
        for (int first = 0; first <= whole.Length; first++)
            Assert.That(new Batches(23, 5, seed: 3).Epoch(4, first).Select(b => b.ToArray()), Is.EqualTo(whole[first..]));
        Assert.That(() => batches.Epoch(4, 6), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Every_order_of_three_is_equally_likely()
    {
        var counts = new Dictionary<string, int>();
        var batches = new Batches(3, 3, seed: 12);
        for (int epoch = 0; epoch < 6000; epoch++)
        {
            string order = string.Concat(batches.Order(epoch));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.That(counts, Has.Count.EqualTo(6));
        Assert.That(counts.Values.Sum(c => (c - 1000.0) * (c - 1000) / 1000), Is.LessThan(20.5));   // 99.9 % point, 5 degrees of freedom
    }
}
