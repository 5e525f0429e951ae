using System.Diagnostics;
using IlgpuXai.Experiments;

namespace IlgpuXai.Cli;

/// <summary>One line where a stage ends, and one now and then while it lasts: readable in a log file.</summary>
sealed class PlainReporter(TextWriter output) : IReporter
{
    static readonly TimeSpan s_between = TimeSpan.FromSeconds(15);

    public void Note(string text) => output.WriteLine(text);

    public IStage Begin(string name, string unit, int total) => new Stage(output, name, unit, total);

    sealed class Stage(TextWriter output, string name, string unit, int total) : IStage
    {
        readonly Stopwatch _watch = Stopwatch.StartNew();
        TimeSpan _last;
        int _done;

        public void Advance(int items = 1)
        {
            _done += items;
            if (_watch.Elapsed - _last < s_between || _done >= total) return;
            _last = _watch.Elapsed;
            output.WriteLine($"{name}: {_done}/{total} {unit}, {Rate():0.#} {unit}/s, {Numbers.Duration(TimeSpan.FromSeconds((total - _done) / Rate()))} left");
        }

        public void Dispose()
        {
            if (_done >= total) output.WriteLine($"{name}: {total} {unit} in {Numbers.Duration(_watch.Elapsed)} ({Rate():0.#} {unit}/s)");
        }

        double Rate() => _done / Math.Max(_watch.Elapsed.TotalSeconds, 1e-3);
    }
}
