using IlgpuXai.Experiments;
using Spectre.Console;

namespace IlgpuXai.Cli;

/// <summary>How a command talks to the person waiting: live bars on a terminal, plain lines elsewhere, nothing when quiet or where the output is JSON.</summary>
sealed class Screen
{
    const int WidthOfFiles = 1000;                   // lines of files do not wrap

    readonly TextWriter _output;
    readonly bool _silent, _live;
    readonly IAnsiConsole _console;

    public Screen(TextWriter output, bool quiet, bool json)
    {
        _output = output;
        _silent = quiet || json;
        _live = !_silent && ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        _console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = _live ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = _live ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = _live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!_live) _console.Profile.Width = WidthOfFiles;
    }

    /// <summary>Runs the work with whatever shows its progress.</summary>
    public T Work<T>(Func<IReporter, T> work)
    {
        if (_silent) return work(new Silent());
        if (!_live) return work(new PlainReporter(_output));
        T? result = default;
        _console.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RateColumn(), new RemainingTimeColumn())
            .Start(context => result = work(new LiveReporter(context, _console)));
        return result!;
    }

    public void Line(string text = "")
    {
        if (!_silent) _output.WriteLine(text);
    }

    /// <summary>Rows under a head; the first column is text, the others are numbers unless said otherwise.</summary>
    public void Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows, bool numbers = true)
    {
        if (_silent) return;
        var table = new Table { Border = _live ? TableBorder.Rounded : TableBorder.None };
        for (int i = 0; i < head.Count; i++)
        {
            var column = new TableColumn(new Text(head[i])) { NoWrap = numbers };
            table.AddColumn(numbers && i > 0 ? column.RightAligned() : column);
        }
        foreach (var row in rows) table.AddRow(row.Select(c => new Text(c)));
        // Trailing blanks of the last column would be noise in a file.
        if (_live) _console.Write(table);
        else foreach (string line in Rendered(table)) _output.WriteLine(line);
    }

    static IEnumerable<string> Rendered(Table table)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = WidthOfFiles;
        console.Write(table);
        return text.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd());
    }

    /// <summary>The result for programs.</summary>
    public void Json<T>(T value) => _output.Write(Experiments.Json.Write(value));
}
