using System.CommandLine;
using IlgpuXai.Data;
using IlgpuXai.Experiments;

namespace IlgpuXai.Cli;

/// <summary><c>data preview DIR|PICTURE</c>: a contact sheet of pictures and their augmented versions.</summary>
static class PreviewCommand
{
    const ulong ChoiceStream = 1;
    const int Columns = 8;

    public static Command Create(TextWriter output)
    {
        var source = new Argument<string>("DIR|PICTURE") { Description = "a folder of pictures, or one picture" };
        var augment = new AugmentationOptions();
        var preprocessing = Preprocessings.Option(Preprocessing.Parse("none,resize=160,crop=160"));
        var count = Options.Whole("--count", "versions on the sheet (default: 16)", 1, 1024);
        var pictures = Options.Whole("--pictures", "pictures of a folder, the classes in turn (default: 4)", 1, 64);
        var skipBad = new Option<bool>("--skip-bad") { Description = "pass over files that cannot be read" };
        var file = new Option<string>("--out", "-o") { Description = "the sheet, a PNG file", DefaultValueFactory = _ => "preview.png", HelpName = "FILE" };
        Option<bool> json = Options.Json(), quiet = Options.Quiet();
        var command = new Command("preview", "pictures and what augmentation makes of them, epoch by epoch, as one PNG file") { source };
        foreach (var option in (Option[])[.. augment.All, preprocessing, count, pictures, skipBad, file, json, quiet]) command.Options.Add(option);
        command.SetAction(parsed =>
        {
            var screen = new Screen(output, parsed.GetValue(quiet), parsed.GetValue(json));
            var augmentation = augment.Create(parsed);
            var chosen = Choose(parsed.GetValue(source)!, parsed.GetValue(pictures) ?? 4, parsed.GetValue(preprocessing)!, parsed.GetValue(skipBad), augmentation.Seed);
            int versions = ((parsed.GetValue(count) ?? 16) + chosen.Count - 1) / chosen.Count;
            var sheet = ContactSheet.Of([.. chosen.Select(p => (p.Picture, (IReadOnlyList<Image>)[.. Enumerable.Range(0, versions).Select(epoch => augmentation.Apply(p.Picture, epoch, p.Index))]))], Columns);
            PngFile.Write(parsed.GetValue(file)!, sheet);
            if (parsed.GetValue(json)) screen.Json(new { file = parsed.GetValue(file), sheet.Width, sheet.Height, versions, pictures = chosen.Select(p => new { p.Path, p.Index, p.Note }) });
            else
            {
                screen.Table(["picture", "changed"], chosen.Select(p => (string[])[p.Path, p.Note ?? ""]), numbers: false);
                screen.Line($"{parsed.GetValue(file)}: {chosen.Count} originals, {versions} versions each");
            }
            return CommandLine.Done;
        });
        return command;
    }

    sealed record Chosen(string Path, int Index, Image Picture, string? Note);

    static List<Chosen> Choose(string source, int count, Preprocessing preprocessing, bool skipBad, ulong seed)
    {
        if (!Directory.Exists(source)) return [Read(source, 0)];
        var set = ImageFolder.Open(source);
        var chosen = new List<Chosen>();
        foreach (int index in InTurn(set, seed))
        {
            try { chosen.Add(Read(set.Files[index].Path, index)); }
            catch (DataException) when (skipBad) { }
            if (chosen.Count == count) break;
        }
        return chosen.Count > 0 ? chosen : throw new DataException(source, "holds no picture that can be read");

        Chosen Read(string path, int index)
        {
            var read = preprocessing.Read(path);
            return new(path, index, read.Picture, read.Note);
        }
    }

    // A first picture of every class, then a second, each class shuffled.
    static IEnumerable<int> InTurn(ImageFolder set, ulong seed)
    {
        int[] order = [.. Enumerable.Range(0, set.Files.Count)];
        new SeededRandom(seed, ChoiceStream).Shuffle(order.AsSpan());
        return order.GroupBy(i => set.Files[i].Label).SelectMany(c => c.Select((index, rank) => (index, rank, label: c.Key))).OrderBy(p => p.rank).ThenBy(p => p.label).Select(p => p.index);
    }
}
