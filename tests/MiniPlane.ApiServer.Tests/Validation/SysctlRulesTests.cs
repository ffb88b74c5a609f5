using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.Validation;

public sealed class SysctlRulesTests
{
    [Theory]
    [InlineData("foo-", "FieldValueInvalid")]
    [InlineData("bar..", "FieldValueInvalid")]
    [InlineData("", "FieldValueRequired")]
    [InlineData("kernel/shm_rmid_forced", "FieldValueDuplicate")]
    [InlineData("kernel.shmmax", null)]
    [InlineData("safe-and-unsafe", null)]
    public void A_name_is_of_segments_and_comes_once(string name, string? reason)
    {
        var errors = new FieldErrors();
        JsonNode spec = JsonNode.Parse($$"""{"securityContext":{"sysctls":[{"name":"kernel.shm_rmid_forced"},{"name":"{{name}}"}]} }""")!;

        SysctlRules.Validate(spec.AsObject(), "spec.securityContext.sysctls", errors);

        Assert.Equal(reason, errors.Causes.SingleOrDefault()?.Reason);
        Assert.All(errors.Causes, cause => Assert.Equal("spec.securityContext.sysctls[1].name", cause.Field));
    }
}
