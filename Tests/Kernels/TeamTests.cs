using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class TeamTests
{
    [TestCase(1, 1000, 1)]
    [TestCase(2, 1000, 7)]
    [TestCase(3, 5, 1)]
    [TestCase(4, 17, 5)]
    [TestCase(2, 0, 3)]
    public void Ranges_cover_every_index_once_and_begin_at_multiples_of_the_grain(int threads, int count, int grain)
    {
        using var team = new Team(threads);
        int[] seen = new int[count];
        team.For(count, grain, (from, to) =>
        {
            if (from % grain != 0) throw new InvalidOperationException($"a range begins at {from}");
            for (long i = from; i < to; i++) Interlocked.Increment(ref seen[i]);
        });
        Assert.That(seen, Is.All.EqualTo(1));
    }

    [Test]
    public void Thousands_of_short_regions_lose_no_work()
    {
        using var team = new Team(3);
        long sum = 0;
        for (int region = 0; region < 20_000; region++) team.For(6, 1, (from, to) => Interlocked.Add(ref sum, to - from));
        Assert.That(sum, Is.EqualTo(120_000));
    }

    [Test]
    public void Regions_begun_from_several_threads_do_not_mix()
    {
        using var team = new Team(2);
        long[] sums = new long[4];
        var callers = Enumerable.Range(0, 4).Select(c => new Thread(() =>
        {
            for (int i = 0; i < 500; i++) team.For(10, 1, (from, to) => Interlocked.Add(ref sums[c], to - from));
        })).ToList();
        callers.ForEach(t => t.Start());
        callers.ForEach(t => t.Join());
        Assert.That(sums, Is.All.EqualTo(5000));
    }

    [Test]
    public void A_region_inside_a_region_runs_where_it_is_begun()
    {
        using var team = new Team(2);
        int inner = 0;
        team.For(8, 1, (_, _) => team.For(3, 1, (from, to) => Interlocked.Add(ref inner, (int)(to - from))));
        Assert.That(inner, Is.EqualTo(24));
    }

    [Test]
    public void An_exception_of_any_piece_reaches_the_caller_and_the_team_goes_on()
    {
        using var team = new Team(2);
        Assert.That(() => team.For(100, 1, (from, to) => { if (from <= 57 && 57 < to) throw new ShapeException("piece 57"); }),
            Throws.TypeOf<ShapeException>().With.Message.EqualTo("piece 57"));
        int done = 0;
        team.For(100, 1, (from, to) => Interlocked.Add(ref done, (int)(to - from)));
        Assert.That(done, Is.EqualTo(100));
    }

    [Test]
    public void The_caller_finishes_alone_when_no_other_thread_comes()
    {
        using var team = new Team(2);
        team.Dispose();                                            // the other thread is gone for good
        int done = 0;
        team.For(100, 1, (from, to) => Interlocked.Add(ref done, (int)(to - from)));
        Assert.That(done, Is.EqualTo(100));
    }
}
