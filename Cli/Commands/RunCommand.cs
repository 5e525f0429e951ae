using System.CommandLine;
using IlgpuXai.Experiments;

namespace IlgpuXai.Cli;

/// <summary><c>run NAME</c>: a whole experiment.</summary>
static class RunCommand
{
    public const string Name = "run";

    public static Command Create(TextWriter output)
    {
        var name = new Argument<string>("NAME") { Description = "an experiment: see the command experiments" };
        var data = Options.Data();
        var outFolder = Options.Out("folder for report, results, scores and maps (default: out/NAME)");
        var images = Options.Whole("--images", "images explained per group (default: as the experiment says)", 2);
        var window = Options.Whole("--window", "side of the covering window, pixels", 1);
        var stride = Options.Whole("--stride", "pixels from one position to the next", 1);
        var baseline = new Option<string?>("--baseline") { Description = "what covers: a number, mean, blur, blur:SIGMA, or one number per channel (a,b,c)", HelpName = "B" };
        var weights = Options.Weights();
        var train = new Option<bool>("--train") { Description = "train a network for this run instead of loading weights" };
        var epochs = Options.Whole("--epochs", "epochs of --train", 1);
        var seed = Options.Seed();
        var memory = Options.Whole("--memory", "MiB one forward pass of the explanation may take (default: 512)", 1);
        var resume = new Option<bool>("--resume") { Description = "continue an interrupted run in the same folder" };
        var overwrite = new Option<bool>("--overwrite") { Description = "replace an earlier run in the same folder" };

        var command = new Command(Name, "run an experiment: explain images, test the hypothesis, write a report")
            { name, data, outFolder, images, window, stride, baseline, weights, train, epochs, seed, memory, resume, overwrite };
        var common = new CommonOptions(command);
        command.SetAction(parsed =>
        {
            var preset = PresetCatalogue.Get(parsed.GetValue(name)!);
            var options = new RunOptions
            {
                Out = parsed.GetValue(outFolder) ?? Path.Combine("out", preset.Name),
                Data = parsed.GetValue(data), Images = parsed.GetValue(images), Window = parsed.GetValue(window), Stride = parsed.GetValue(stride),
                Baseline = parsed.GetValue(baseline), Seed = parsed.GetValue(seed), Weights = parsed.GetValue(weights), Train = parsed.GetValue(train),
                Epochs = parsed.GetValue(epochs), Resume = parsed.GetValue(resume), Overwrite = parsed.GetValue(overwrite),
                CommandLine = Typed.Command(parsed),
            };
            if (parsed.GetValue(memory) is { } mebibytes) options = options with { MemoryBudget = (long)mebibytes << 20 };

            var screen = common.Screen(parsed, output);
            using var device = common.Open(parsed, screen);
            using var interrupt = new Interrupt();
            var results = screen.Work(reporter => new Study(preset, options, device, reporter).Run(interrupt.Token));
            if (common.Json(parsed)) screen.Json(results);
            else Show(screen, results, options.Out);
            return CommandLine.Done;
        });
        return command;
    }

    static void Show(Screen screen, RunResults r, string folder)
    {
        foreach (var score in r.Scores)
        {
            screen.Line();
            screen.Table([$"drop of the {Prose.Name(score.Score)}", .. r.Groups.Select(g => g.Name), "difference", $"{Numbers.Percent(r.Confidence)} interval", "Welch t", "df", "p", "Cohen's d"],
                score.Regions.Append(score.Overall).Select(o => (string[])[o.Region, .. o.Groups.Select(g => Numbers.Short(g.Mean)), Numbers.Short(o.Welch.Difference),
                    Prose.Range(o.Welch.Lower, o.Welch.Upper), Numbers.Long(o.Welch.T), o.Welch.DegreesOfFreedom.ToString("0.#"), Numbers.P(o.P(TestKind.Welch)), Numbers.Short(o.CohenD.Value)]));
        }
        screen.Line();
        screen.Line($"{Prose.Correction} Intervals are for one comparison each, not corrected.");
        foreach (string note in r.Notes) screen.Line($"note: {note}");
        screen.Line(Prose.Answer(r));
        screen.Line($"report: {Path.Combine(folder, "report.html")}");
    }
}
