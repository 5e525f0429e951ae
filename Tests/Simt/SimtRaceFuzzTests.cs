using ILGPU;
using IlgpuXai.Simt;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;
using Ints = ILGPU.Runtime.ArrayView1D<int, ILGPU.Stride1D.Dense>;

namespace IlgpuXai.Tests;

/// <summary>
/// Random programs of reads, writes, atomics and barriers against the definition of a race: all pairs of accesses are
/// compared, and ordered only by what stands in the rule.
/// </summary>
public class SimtRaceFuzzTests
{
    const int Words = 2, Programs = 2000;

    enum Step { Read, Write, Atomic, ReadGlobal, WriteGlobal, AtomicGlobal, WarpBarrier, GroupBarrier, Idle }

    // Every thread of every group follows its own column of `code`: step · Words + word.
    static void ScriptKernel(Ints code, Ints global, Ints sums, int steps)
    {
        var words = SharedMemory.Allocate<int>(Words);
        int t = Group.IdxX, me = Grid.GlobalLinearIndex;
        if (t < Words) words[t] = 0;
        Group.Barrier();
        int sum = 0;
        for (int k = 0; k < steps; k++)
        {
            int step = code[me * steps + k] / Words, word = code[me * steps + k] % Words;
            switch (step)
            {
                case 0: sum += words[word]; break;
                case 1: words[word] = sum; break;
                case 2: Atomic.Add(ref words[word], 1); break;
                case 3: sum += global[word]; break;
                case 4: global[word] = sum; break;
                case 5: Atomic.Max(ref global[word], sum); break;
                case 6: Warp.Barrier(); break;
                case 7: Group.Barrier(); break;
                default: break;
            }
        }
        sums[me] = sum;
    }

    readonly record struct Event(Step Step, int Word, int Group, int Thread, int Interval, int WarpInterval)
    {
        bool IsGlobal => Step is Step.ReadGlobal or Step.WriteGlobal or Step.AtomicGlobal;
        bool IsWrite => Step is Step.Write or Step.WriteGlobal;
        bool IsAtomic => Step is Step.Atomic or Step.AtomicGlobal;

        public bool RacesWith(Event other)
        {
            if (Word != other.Word || IsGlobal != other.IsGlobal || (Group, Thread) == (other.Group, other.Thread)) return false;
            if (!IsWrite && !other.IsWrite && IsAtomic == other.IsAtomic) return false;
            if (Group != other.Group) return IsGlobal;
            if (Interval != other.Interval) return false;
            return Thread / 32 != other.Thread / 32 || WarpInterval == other.WarpInterval;
        }
    }

    // A few threads, two of each warp, crowd on a few words with one kind of access; one or two accesses of another kind
    // decide whether there is a race. Barriers are common to the warp or the group, other threads idle.
    static int[,] Program(Random random, int groups, int threads, int steps)
    {
        var code = new int[groups * threads, steps];
        var usual = (Step)random.Next((int)Step.WarpBarrier);
        int words = random.Next(1, Words + 1), sparse = random.Next(2, 7), groupSteps = random.Next(3);
        for (int k = 0; k < steps; k++)
            for (int group = 0; group < groups; group++)
            {
                bool groupStep = (k * 7 + words) % 10 < groupSteps;
                for (int warp = 0; warp * 32 < threads; warp++)
                {
                    bool warpStep = random.Next(4) == 0;
                    for (int t = warp * 32; t < Math.Min(threads, warp * 32 + 32); t++)
                        code[group * threads + t, k] = Words * (int)(groupStep ? Step.GroupBarrier : warpStep ? Step.WarpBarrier
                            : t % 32 < 2 && random.Next(sparse) == 0 ? usual : Step.Idle) + random.Next(words);
                }
            }
        for (int odd = random.Next(1, 3); odd > 0; odd--)
        {
            int k = random.Next(steps), who = random.Next(groups) * threads + random.Next((threads + 31) / 32) * 32 + random.Next(2);
            if (code[who, k] / Words is not ((int)Step.WarpBarrier or (int)Step.GroupBarrier)) code[who, k] = Words * random.Next((int)Step.WarpBarrier) + random.Next(words);
        }
        return code;
    }

    static List<Event> Events(int[,] code, int threads)
    {
        var events = new List<Event>();
        for (int who = 0; who < code.GetLength(0); who++)
        {
            int interval = 0, warpInterval = 0;
            for (int k = 0; k < code.GetLength(1); k++)
            {
                var step = (Step)(code[who, k] / Words);
                if (step == Step.GroupBarrier) (interval, warpInterval) = (interval + 1, 0);
                else if (step == Step.WarpBarrier) warpInterval++;
                else if (step != Step.Idle) events.Add(new(step, code[who, k] % Words, who / threads, who % threads, interval, warpInterval));
            }
        }
        return events;
    }

    [Test]
    public void The_verdict_equals_the_pairwise_definition_on_random_programs()
    {
        const int steps = 8;
        var kernel = SimtKernel.Compile(((Delegate)ScriptKernel).Method, SimtMode.Checked);
        int racy = 0;
        for (int seed = 0; seed < Programs; seed++)
        {
            var random = new Random(seed);
            int groups = random.Next(2) == 0 ? 1 : random.Next(2, 4), threads = 2 + 32 * (random.Next(2) * random.Next(3));
            var code = Program(random, groups, threads, steps);
            var events = Events(code, threads);
            // Equal reads race with nothing among themselves: one pass over the rest against all.
            bool expected = events.Where(e => e.Step is not (Step.Read or Step.ReadGlobal)).Any(e => events.Any(e.RacesWith));
            Assert.That(Finds(kernel, code, groups, threads), Is.EqualTo(expected), $"seed {seed}");
            if (expected) racy++;
        }
        Assert.That(racy, Is.InRange(Programs / 5, Programs * 4 / 5), "both kinds of programs must occur");
    }

    static unsafe bool Finds(SimtKernel kernel, int[,] code, int groups, int threads)
    {
        int steps = code.GetLength(1);
        try
        {
            Run(kernel, 1, [code.Cast<int>().ToArray(), new int[Words], new int[groups * threads], steps], (k, args, workers) => k.Launch(new KernelConfig(groups, threads), args, workers));
            return false;
        }
        catch (SimtException e)
        {
            Assert.That(e.Findings, Is.All.Contains("race: "));
            return true;
        }
    }
}
