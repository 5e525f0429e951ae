using System.Text.Json;
using System.Xml.Linq;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace IlgpuXai.Tests;

/// <summary><c>IlgpuXai.Tests PATTERN SECONDS [FILE]</c>: the tests whose full names match, on machines without an SDK; counts and failures to FILE as JSON.</summary>
static class Program
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    static int Main(string[] args)
    {
        if (args is not [var pattern, var limit, .. var rest] || !double.TryParse(limit, out double seconds))
        {
            Console.Error.WriteLine("IlgpuXai.Tests PATTERN SECONDS [FILE]");
            return 2;
        }
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(Program).Assembly, new Dictionary<string, object>());
        var outcomes = new Outcomes();
        runner.RunAsync(outcomes, TestFilter.FromXml(new XElement("filter", new XElement("test", new XAttribute("re", 1), pattern)).ToString(SaveOptions.DisableFormatting)));
        bool finished = runner.WaitForCompletion((int)(seconds * 1000));
        string summary = outcomes.Report(finished, seconds, rest is [var file] ? file : null);
        Console.WriteLine(summary);
        Environment.Exit(finished && outcomes.IsGood ? 0 : 1);           // a test that hangs must not keep the process
        return 1;
    }

    sealed class Outcomes : ITestListener
    {
        readonly List<ITestResult> _done = [];
        string _running = "";

        public bool IsGood { get { lock (_done) return Count(TestStatus.Passed) > 0 && Count(TestStatus.Failed) == 0; } }

        public void TestStarted(ITest test)
        {
            if (!test.IsSuite) lock (_done) _running = test.FullName;
        }

        public void TestFinished(ITestResult result)
        {
            if (!result.Test.IsSuite) lock (_done) _done.Add(result);
        }

        public void TestOutput(TestOutput output) { }
        public void SendMessage(TestMessage message) { }

        public string Report(bool finished, double seconds, string? file)
        {
            lock (_done)
            {
                var failures = _done.Where(r => r.ResultState.Status == TestStatus.Failed).Select(r => new { name = r.FullName, message = r.Message }).ToArray();
                var ignored = _done.Where(r => r.ResultState.Status == TestStatus.Skipped).GroupBy(r => r.Message).Select(g => new { reason = g.Key, tests = g.Count() }).ToArray();
                string? stopped = finished ? null : $"stopped after {seconds} seconds, at {_running}";
                if (file is not null)
                    File.WriteAllText(file, JsonSerializer.Serialize(new { passed = Count(TestStatus.Passed), failed = failures.Length, ignored = Count(TestStatus.Skipped), stopped, failures, reasons = ignored }, s_json));
                foreach (var f in failures) Console.WriteLine($"{f.name}: {f.message}");
                return $"{Count(TestStatus.Passed)} passed, {failures.Length} failed, {Count(TestStatus.Skipped)} ignored{(stopped is null ? "" : $"; {stopped}")}";
            }
        }

        int Count(TestStatus status) => _done.Count(r => r.ResultState.Status == status);
    }
}
