using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Aggregation;
using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Authorization;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.FlowControl;
using MiniPlane.ApiServer.Handlers;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Metrics;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Requests;

/// <summary>
/// The pipeline of every request, in the order it is read: what is asked for, who asks, may they, which handler. Everything that
/// goes wrong on the way ends here as a Status.
/// </summary>
internal sealed partial class ApiDispatcher
{
    private readonly IKindCatalogue _catalogue;
    private readonly Authenticator _authenticator;
    private readonly Impersonation _impersonation;
    private readonly IAuthorizer _authorizer;
    private readonly HandlerTable _handlers;
    private readonly StreamAdmission _streams;
    private readonly AggregatedApis _aggregated;
    private readonly FlowController _flow;
    private readonly AuditLog _audit;
    private readonly RequestMetrics _metrics;
    private readonly RequestClock _clock;
    private readonly INonResourceEndpoint[] _endpoints;
    private readonly ILogger<ApiDispatcher> _logger;

    public ApiDispatcher(
        IKindCatalogue catalogue,
        RequestGate gate,
        HandlerTable handlers,
        StreamAdmission streams,
        AggregatedApis aggregated,
        RequestMetrics metrics,
        RequestClock clock,
        IEnumerable<INonResourceEndpoint> endpoints,
        ILogger<ApiDispatcher> logger)
    {
        _catalogue = catalogue;
        _authenticator = gate.Authenticator;
        _impersonation = gate.Impersonation;
        _authorizer = gate.Authorizer;
        _handlers = handlers;
        _streams = streams;
        _aggregated = aggregated;
        _flow = gate.Flow;
        _audit = gate.Audit;
        _metrics = metrics;
        _clock = clock;
        _endpoints = [.. endpoints];
        _logger = logger;
    }

    public async Task HandleAsync(HttpContext context)
    {
        RequestId.Assign(context);
        var course = new RequestCourse { Started = _metrics.Start(context.Request.Method) };
        try
        {
            await AnswerAsync(context, course);
        }
        finally
        {
            course.Seat?.Leave();
            if (_audit.IsOn)
            {
                await _audit.EndAsync(context);
            }

            if (_logger.IsEnabled(LogLevel.Debug))
            {
                LogAnswered(_logger, context.Request.Method, context.Request.Path.Value ?? "", context.Response.StatusCode, RequestId.Of(context));
            }

            RequestSort sort = course.Sort with { IsLasting = course.IsLasting };
            if (course.IsTerminated)
            {
                _metrics.Terminated(sort, context.Response.StatusCode);
            }

            _metrics.End(context.Request.Method, course.Started, sort, context.Response.StatusCode, AnswerSize.Of(context));
        }
    }

    private async Task AnswerAsync(HttpContext context, RequestCourse course)
    {
        try
        {
            await RunAsync(context, course);
        }
        catch (ApiException error)
        {
            await StatusWriter.WriteAsync(context, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || RequestLimit.HasTimedOut(context))
        {
            course.IsTerminated = RequestLimit.HasTimedOut(context);
            await AnswerTimeoutAsync(context);
        }
        catch (BadHttpRequestException error)
        {
            await StatusWriter.WriteAsync(context, ApiErrors.BadRequest(error.Message));
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left in the middle of its own request.
        }
#pragma warning disable CA1031 // Whatever is wrong with one request is that request's answer, never the server's end.
        catch (Exception error)
#pragma warning restore CA1031
        {
            course.IsTerminated = true;
            LogUnexpected(_logger, error, context.Request.Method, context.Request.Path.Value ?? "", RequestId.Of(context));
            await StatusWriter.WriteAsync(context, ApiErrors.Internal($"the request could not be completed; the server's log tells of it as request {RequestId.Of(context)}"));
        }
    }

    private async Task RunAsync(HttpContext context, RequestCourse course)
    {
        RequestInfo info = RequestInfoParser.Parse(context.Request);
        UserInfo user = await IdentifyAsync(context, info);
        course.Seat = await _flow.EnterAsync(context, info, user);
        await AuthorizeAsync(info, user);
        if (!info.IsResource)
        {
            _ = RequestClock.Wanted(context.Request);
            UserFeature.Set(context, user);
            await NonResourceAsync(context, info);
            return;
        }

        if (Find(info) is not { } kind)
        {
            await UnknownAsync(context, info, user);
            return;
        }

        course.Sort = RequestSort.Of(kind, info, info.Subresource, context.Request.ContentType);

        var request = new ApiRequest
        {
            Http = context,
            Info = info,
            Kind = kind,
            Subresource = Subresource(kind, info),
            User = user,
            Format = AcceptHeader.Negotiate(context.Request.Headers.Accept, HandlerTable.Has(kind.Verbs, "get")),
            Now = _clock.Now,
        };
        ProtobufAnswers.Check(request);
        if ((kind.Custom?.DeprecationWarning ?? DeprecatedKinds.Warning(kind)) is { } warning)
        {
            request.Warnings.Add(warning);
        }

        using RequestLimit? limit = _clock.Limit(request, course.Sort.IsLasting);
        IRequestHandler handler = _handlers.Find(request);
        if (request.Subresource is not null)
        {
            await _streams.AdmitAsync(request);
        }

        if (course.Sort.IsLasting)
        {
            // What lasts is in nobody's way once it runs.
            _metrics.Lasts(context.Request.Method);
            course.IsLasting = true;
            course.Seat?.Leave();
            course.Seat = null;
        }

        await handler.HandleAsync(request);
    }

    // Who is refused here is in the audit log too.
    private async ValueTask<UserInfo> IdentifyAsync(HttpContext context, RequestInfo info)
    {
        UserInfo sender;
        try
        {
            sender = await _authenticator.AuthenticateAsync(context);
        }
        catch (ApiException) when (_audit.IsOn)
        {
            _audit.Refuse(context, info);
            throw;
        }

        if (_audit.IsOn)
        {
            await _audit.BeginAsync(context, info, sender);
        }

        UserInfo user = await _impersonation.ResolveAsync(context, info, sender);
        if (!ReferenceEquals(user, sender) && AuditLog.Of(context) is { } entry)
        {
            entry.Impersonated = user;
        }

        return user;
    }

    private async ValueTask AuthorizeAsync(RequestInfo info, UserInfo user)
    {
        // Rules are in memory: there is nothing to cancel, and the request's token is not free.
        var attributes = AccessAttributes.Of(info, user);
        AccessDecision decision = await _authorizer.DecideAsync(attributes, CancellationToken.None);
        if (decision.IsAllowed)
        {
            return;
        }

        // Anonymous requests are told to show who they are, so that other users of a login node learn nothing.
        string text = attributes.RefusalText(decision.Reason);
        throw user.IsAnonymous ? ApiErrors.Unauthorized()
            : info.IsResource ? ApiErrors.Forbidden(info.Group, info.Resource, info.Name, text)
            : ApiErrors.ForbiddenPath(text);
    }

    private Task NonResourceAsync(HttpContext context, RequestInfo info)
    {
        foreach (INonResourceEndpoint endpoint in _endpoints)
        {
            if (endpoint.Matches(info.Path))
            {
                return endpoint.HandleAsync(context);
            }
        }

        return NotFoundPage.WriteAsync(context);
    }

    private KindDefinition? Find(RequestInfo info)
    {
        KindDefinition? kind = _catalogue.FindResource(info.Group, info.Version, info.Resource);
        bool isMisplaced = kind is { IsNamespaced: false } && info.Namespace.Length > 0 && info.Resource != "namespaces";
        return isMisplaced || (info.Name.Length > 0 && kind is { IsNamespaced: true } && info.Namespace.Length == 0) ? null : kind;
    }

    // A group and version that nobody serves is no API at all; within one, only the resource is missing.
    private Task UnknownAsync(HttpContext context, RequestInfo info, UserInfo user) =>
        _aggregated.Find(info.Group, info.Version) is { } api ? _aggregated.RelayAsync(context, api, user)
        : _catalogue.Kinds.Any(kind => kind.Group == info.Group && kind.Version == info.Version)
            ? throw ApiErrors.NoSuchResource()
            : NotFoundPage.WriteAsync(context);

    private static SubresourceDefinition? Subresource(KindDefinition kind, RequestInfo info) => info.Subresource.Length == 0
        ? null
        : kind.Subresources.FirstOrDefault(subresource => subresource.Name == info.Subresource)
            ?? throw ApiErrors.NoSuchResource();

    private static Task AnswerTimeoutAsync(HttpContext context) =>
        RequestLimit.HasTimedOut(context)
            ? StatusWriter.WriteAsync(context, ApiErrors.Timeout("Timeout: request did not complete within the allotted timeout"))
            : Task.CompletedTask;

    [LoggerMessage(3003, LogLevel.Debug, "{Method} {Path} answered with {Status} (request {RequestId})")]
    private static partial void LogAnswered(ILogger logger, string method, string path, int status, string requestId);

    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed unexpectedly (request {RequestId})")]
    private static partial void LogUnexpected(ILogger logger, Exception error, string method, string path, string requestId);
}
