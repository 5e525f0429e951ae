using IlgpuXai.Experiments;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace IlgpuXai.Cli;

/// <summary>A bar per stage with rate and time left.</summary>
sealed class LiveReporter(ProgressContext context, IAnsiConsole console) : IReporter
{
    public void Note(string text) => console.WriteLine(text);

    public IStage Begin(string name, string unit, int total)
    {
        var task = context.AddTask(Markup.Escape($"{name}, {unit}"), maxValue: total);
        return new Stage(task);
    }

    sealed class Stage(ProgressTask task) : IStage
    {
        public void Advance(int items = 1) => task.Increment(items);
        public void Dispose() => task.StopTask();
    }
}

/// <summary>Items done of all and per second: <c>57/200 images · 14.2/s</c>.</summary>
sealed class RateColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        double seconds = task.ElapsedTime?.TotalSeconds ?? 0, rate = seconds > 0 ? task.Value / seconds : 0;
        return new Text($"{task.Value:0}/{task.MaxValue:0} · {rate:0.#}/s");
    }
}
