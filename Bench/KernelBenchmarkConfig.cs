using IlgpuXai.Kernels;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace IlgpuXai.Bench;

/// <summary>One process, few iterations of whole calls; GFLOP/s and the share of the FMA peak measured before the run as columns.</summary>
sealed class KernelBenchmarkConfig : ManualConfig
{
    public KernelBenchmarkConfig()
    {
        double peak = FmaPeak.Measure(Environment.ProcessorCount);
        Console.WriteLine($"FMA peak of {Environment.ProcessorCount} threads: {peak:n0} GFLOP/s");
        Add(DefaultConfig.Instance);
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithStrategy(RunStrategy.Throughput).WithWarmupCount(3).WithIterationCount(9));
        AddColumn(new RateColumn("GFLOP/s", "n0", rate => rate), new RateColumn("of peak", "p0", rate => rate / peak));
        HideColumns(Column.Error, Column.StdDev);
    }

    sealed class RateColumn(string name, string format, Func<double, double> value) : IColumn
    {
        public string Id => name;
        public string ColumnName => name;
        public bool AlwaysShow => true;
        public ColumnCategory Category => ColumnCategory.Custom;
        public int PriorityInCategory => 0;
        public bool IsNumeric => true;
        public UnitType UnitType => UnitType.Dimensionless;
        public string Legend => name == "of peak" ? "share of the FMA peak measured before the run" : "floating-point operations of the definition per time";

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
            summary[benchmarkCase]?.ResultStatistics is { } statistics && benchmarkCase.Parameters["Case"] is IArithmetic work
                ? value(work.Flops / statistics.Median).ToString(format)                 // operations per nanosecond
                : "–";

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);
        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
        public bool IsAvailable(Summary summary) => true;
    }
}
