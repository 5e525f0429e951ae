using System.CommandLine;
using IlgpuXai.Data;
using IlgpuXai.Experiments;

namespace IlgpuXai.Cli;

/// <summary><c>data list DIR</c> and <c>data preview DIR|PICTURE</c>: what is in a folder of pictures, and what augmentation makes of it.</summary>
static class DataCommand
{
    public static Command Create(TextWriter output) => new("data", "folders of pictures: what they hold, and what training would see of them") { List(output), PreviewCommand.Create(output) };

    static Command List(TextWriter output)
    {
        var folder = new Argument<string>("DIR") { Description = "a folder with one sub-folder per class, or with pictures" };
        var threads = Options.Whole("--threads", "threads that read (default: all cores)", 1, 1024);
        Option<bool> json = Options.Json(), quiet = Options.Quiet();
        var command = new Command("list", "classes, counts, sizes, and every file that cannot be read") { folder, threads, json, quiet };
        command.SetAction(parsed =>
        {
            var screen = new Screen(output, parsed.GetValue(quiet), parsed.GetValue(json));
            using var interrupt = new Interrupt();
            var set = ImageFolder.Open(parsed.GetValue(folder)!);
            var sizes = new SizeRange[Math.Max(set.ClassNames.Count, 1)];
            var bad = set.Check(parsed.GetValue(threads) ?? Environment.ProcessorCount, (file, image) => sizes[Math.Max(file.Label, 0)] = sizes[Math.Max(file.Label, 0)].With(image), interrupt.Token);
            int[] counts = set.Without(bad).Counts;
            string[] names = set.IsLabelled ? [.. set.ClassNames] : ["(no classes)"];
            if (parsed.GetValue(json)) screen.Json(new
            {
                folder = set.Path, labelled = set.IsLabelled, pictures = counts.Sum(),
                classes = names.Select((name, c) => new { name, pictures = counts[c], sizes = counts[c] == 0 ? (SizeRange?)null : sizes[c] }),
                empty = set.EmptyClasses, bad,
            });
            else
            {
                screen.Table(["class", "pictures", "width", "height"], names.Select((name, c) => (string[])[name, $"{counts[c]}", sizes[c].Widths, sizes[c].Heights]));
                foreach (string name in set.EmptyClasses) screen.Line($"{Path.Combine(set.Path, name)}: holds no picture");
                foreach (var file in bad) screen.Line(file.Line);
                screen.Line($"{Numbers.Count(counts.Sum())} pictures{(set.IsLabelled ? $" of {names.Length} classes" : "")}{(bad.Count == 0 ? "" : $", {bad.Count} that cannot be read")}");
            }
            return CommandLine.Done;
        });
        return command;
    }

    /// <summary>The widths and heights seen so far; zeros before the first.</summary>
    readonly record struct SizeRange(int MinWidth, int MaxWidth, int MinHeight, int MaxHeight)
    {
        internal SizeRange With(Image i) => this == default ? new(i.Width, i.Width, i.Height, i.Height)
            : new(Math.Min(MinWidth, i.Width), Math.Max(MaxWidth, i.Width), Math.Min(MinHeight, i.Height), Math.Max(MaxHeight, i.Height));

        internal string Widths => Range(MinWidth, MaxWidth);
        internal string Heights => Range(MinHeight, MaxHeight);

        static string Range(int low, int high) => high == 0 ? "" : low == high ? $"{low}" : $"{low}–{high}";
    }
}
