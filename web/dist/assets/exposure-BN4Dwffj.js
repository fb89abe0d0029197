import{n as e,r as t}from"./rolldown-runtime-XKyaHtl9.js";import{O as n,U as r,a as i,c as a,i as o,r as s}from"./snapshot-7koWZbVJ.js";import{B as c,D as l,G as u,Gt as d,H as f,I as p,J as m,M as h,N as g,P as _,U as v,W as y,Y as b,dt as x,g as S,it as C,k as w,q as T,z as E}from"./index-BuEBReYP.js";import{a as D,i as O,n as k,r as A,t as j}from"./filterbar-ka0hShSt.js";import{t as M}from"./table-B3jq98Yd.js";var N=n();function P({hops:e}){return(0,N.jsx)(`ol`,{className:`hops`,children:e.map((e,t)=>(0,N.jsxs)(`li`,{className:F(e.decision),children:[(0,N.jsx)(`span`,{className:`hm`,children:(0,N.jsx)(m,{name:{ok:`check`,no:`ban`,maybe:`gap`}[F(e.decision)],size:`xs`})}),(0,N.jsxs)(`span`,{className:`he`,children:[(0,N.jsx)(b,{kind:e.element.kind,size:`s`}),(0,N.jsx)(`b`,{className:`el`,title:e.element.id,children:E(e.element.name,30)}),(0,N.jsx)(`span`,{className:`m s12`,children:e.element.kindTitle})]}),(0,N.jsxs)(`span`,{className:`hr`,children:[e.rule,e.evidence&&(0,N.jsxs)(`span`,{className:`m s12 el`,title:`${e.evidence.text} (${e.evidence.call})`,children:[e.evidence.title,e.evidence.pointer&&` at ${e.evidence.pointer}`,e.evidence.readAt&&`, read ${c(e.evidence.readAt)}`]})]}),(0,N.jsx)(`span`,{className:`hd2`,children:e.decision})]},`${e.element.id}:${t}`))})}function F(e){return/unknown|not read|missing/i.test(e)?`maybe`:/block|den|drop|no route|closed|refus|reject|none/i.test(e)?`no`:`ok`}var I=f(`
  query Exposed($snapshot: ID, $first: Int, $after: String, $filter: ExposureFilter) {
    exposed(snapshot: $snapshot, first: $first, after: $after, filter: $filter) {
      nodes {
        id
        node { id kind kindTitle name account accountName region }
        class
        layer
        assumed
        ranges { sources protocol ports }
        behind(first: 3) { id kind name }
        onPaths
      }
      pageInfo { hasNextPage endCursor }
      totalCount
      unfilteredCount
      facets { field values { value title count } }
    }
  }
`),L=f(`
  query EndpointDetail($snapshot: ID, $id: ID!, $to: String!) {
    node(id: $id, snapshot: $snapshot) {
      ... on EstateNode {
        id
        kind
        kindTitle
        name
        account
        accountName
        region
        endpoint {
          id
          class
          layer
          assumed
          ranges { sources protocol ports }
          chain { ...HopParts }
          network { verdict }
          service { verdict }
          behind(first: 10) { id kind name }
          onPaths
        }
      }
    }
    reach(from: "internet", to: $to, snapshot: $snapshot) {
      verdict
      network { verdict }
      service { verdict }
      layer
      chain { ...HopParts }
      blockedBy { element { id kind name } rule why }
      opens
      missing
    }
  }

  fragment HopParts on Hop {
    element { id kind kindTitle name account accountName }
    rule
    decision
    evidence {
      node { id name }
      document
      title
      pointer
      lines
      sid
      text
      call
      readAt
    }
  }
`);function R({id:e,onClose:t}){let n=s(),r=x({queryKey:[`endpoint`,e,n],queryFn:({signal:t})=>d(L,{id:e,to:e,snapshot:n},t),placeholderData:void 0});g([{keys:`Escape`,title:`Back to the list`,run:t}]);let i=r.data?.node,a=i&&`endpoint`in i?i:null;return(0,N.jsxs)(`aside`,{className:`panel exd`,"aria-label":`Endpoint`,children:[(0,N.jsxs)(`div`,{className:`ph`,children:[a&&(0,N.jsx)(b,{kind:a.kind}),(0,N.jsx)(`h2`,{className:`el`,title:e,children:a?a.name:E(e,40)}),a&&(0,N.jsxs)(`span`,{className:`sub`,children:[a.kindTitle,a.account&&`, ${p(a)}`]}),(0,N.jsx)(`span`,{className:`grow`}),(0,N.jsx)(`button`,{type:`button`,className:`ib`,"aria-label":`Close`,onClick:t,children:(0,N.jsx)(m,{name:`x`,size:`s`})})]}),(0,N.jsx)(`div`,{className:`exb`,tabIndex:0,role:`region`,"aria-label":`How it is reached`,children:r.error?(0,N.jsx)(u,{error:r.error,onRetry:()=>r.refetch()}):r.isPending?(0,N.jsx)(T,{rows:6,height:40}):a?.endpoint&&r.data?(0,N.jsx)(z,{node:a,endpoint:a.endpoint,reach:r.data.reach}):(0,N.jsx)(y,{title:`This endpoint is not in this snapshot.`})})]})}function z(e){let{node:t,endpoint:n,reach:r}=e,a=o(),s=r.chain.length>0?r.chain:n.chain;return(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`p`,{className:`say`,children:B(t.name,n,r)}),(0,N.jsxs)(`dl`,{className:`parts`,children:[(0,N.jsx)(V,{title:`Network`,verdict:r.network.verdict}),r.service&&(0,N.jsx)(V,{title:`Service policy`,verdict:r.service.verdict}),(0,N.jsxs)(`div`,{children:[(0,N.jsx)(`dt`,{children:`Class`}),(0,N.jsxs)(`dd`,{children:[S[n.class].word,`, by `,Y[n.layer]]})]})]}),r.blockedBy&&(0,N.jsxs)(`div`,{className:`blk`,children:[(0,N.jsxs)(`p`,{children:[(0,N.jsxs)(`b`,{children:[`Stopped at `,r.blockedBy.element.name,`:`]}),` `,r.blockedBy.why]}),r.blockedBy.rule&&(0,N.jsx)(`p`,{className:`m2`,children:r.blockedBy.rule}),r.opens&&(0,N.jsxs)(`p`,{className:`m2`,children:[`The smallest change that would open it: `,r.opens]})]}),s.length>0&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`h3`,{children:`From the internet, hop by hop`}),(0,N.jsx)(P,{hops:s})]}),n.ranges.length>0&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`h3`,{children:`What arrives`}),(0,N.jsxs)(`table`,{className:`rng`,children:[(0,N.jsx)(`thead`,{children:(0,N.jsxs)(`tr`,{children:[(0,N.jsx)(`th`,{scope:`col`,children:`Port`}),(0,N.jsx)(`th`,{scope:`col`,children:`From`})]})}),(0,N.jsx)(`tbody`,{children:n.ranges.map(e=>(0,N.jsxs)(`tr`,{children:[(0,N.jsx)(`td`,{children:X([e])}),(0,N.jsxs)(`td`,{className:`m2`,title:e.sources.join(`, `),children:[e.sources.slice(0,4).join(`, `),e.sources.length>4&&` and ${e.sources.length-4} more`]})]},`${e.protocol}:${e.ports}:${e.sources[0]}`))})]})]}),[...n.assumed,...r.missing].length>0&&(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`h3`,{children:`What it rests on`}),(0,N.jsxs)(`ul`,{className:`m2`,children:[n.assumed.map(e=>(0,N.jsxs)(`li`,{children:[`Taken for granted: `,e]},e)),r.missing.map(e=>(0,N.jsxs)(`li`,{children:[`Not seen: `,e]},e))]})]}),(0,N.jsx)(`h3`,{children:`What sits behind it`}),n.behind.length>0?(0,N.jsxs)(N.Fragment,{children:[(0,N.jsxs)(`p`,{children:[(0,N.jsx)(i,{className:`textlink`,href:a.href(`/paths`,{f:`through:${t.id}`}),children:C(n.onPaths,`path family`,`path families`)}),` `,(0,N.jsx)(`span`,{className:`m2`,children:`through it lead to`})]}),(0,N.jsx)(`ul`,{className:`bhl`,children:n.behind.map(e=>(0,N.jsx)(`li`,{children:(0,N.jsxs)(i,{className:`name`,href:a.href(`/data`,{sel:e.id}),children:[(0,N.jsx)(b,{kind:e.kind,size:`s`}),(0,N.jsx)(`span`,{children:e.name})]})},e.id))})]}):(0,N.jsx)(`p`,{className:`m2`,children:`No path to a critical asset was seen through it.`})]})}function B(e,t,n){if(n.verdict===`reachable`)return(0,N.jsxs)(N.Fragment,{children:[(0,N.jsxs)(`b`,{children:[`A packet from the internet arrives at `,e,`.`]}),` `,n.service?.verdict===`reachable`&&`Its policy lets the call pass.`]});if(n.verdict===`unknown`)return(0,N.jsxs)(N.Fragment,{children:[(0,N.jsx)(`b`,{children:`Not known.`}),` Something that decides was not read.`]});let r=n.network.verdict===`reachable`&&n.service?.verdict===`blocked`;return(0,N.jsxs)(N.Fragment,{children:[(0,N.jsxs)(`b`,{children:[`Nothing from the internet `,r?`gets past its policy`:`arrives`,`.`]}),` `,r&&`The network lets packets through.`,!r&&t.class===`internal`&&`It answers inside the estate.`]})}function V({title:e,verdict:t}){return(0,N.jsxs)(`div`,{children:[(0,N.jsx)(`dt`,{children:e}),(0,N.jsxs)(`dd`,{className:`name`,children:[(0,N.jsx)(m,{name:{reachable:`check`,blocked:`ban`,unknown:`gap`}[t],size:`s`}),(0,N.jsx)(`span`,{children:t===`reachable`?`open`:t})]})]})}var H=e({LAYER:()=>Y,default:()=>G,ports:()=>X,sources:()=>Z}),U=t(r(),1),W=[{field:`class`,title:`Class`,domain:[`none`,`internal`,`partner`,`restricted`,`broad`,`internet`,`unknown`],ordered:!0,word:e=>S[e]?.word??e},{field:`kind`,title:`Kind`},{field:`account`,title:`Account`},{field:`port`,title:`Port`}];function G({endpoint:e}){let t=s(),[,n]=a(),r=_().data?.estate,i=k(W),o={snapshot:t,first:50,filter:{text:i.text||void 0,class:i.values(`class`),kind:i.values(`kind`),account:i.values(`account`),port:Number(i.values(`port`)?.[0])||void 0}},c=D(`exposed`,I,o,e=>e.exposed),d=c.first,f=(0,U.useCallback)(e=>`/exposure/${encodeURIComponent(e.id)}${window.location.search}`,[]),p=(0,U.useMemo)(()=>q(f,e!==null),[f,e]),g=e=>n(f(e)),b=K(d?.facets,[`internet`,`broad`]);return(0,N.jsxs)(`div`,{className:`page list page-exposure`,children:[(0,N.jsxs)(`div`,{className:`hd`,children:[(0,N.jsx)(`h1`,{children:`Exposure`}),d&&(0,N.jsxs)(`span`,{className:`lead opt`,children:[b,` of `,C(d.unfilteredCount,`endpoint`),` answer from the internet or a broad range. Network and service policy are decided apart.`]}),(0,N.jsxs)(`div`,{className:`ac`,children:[(0,N.jsx)(l,{text:()=>h(r?.snapshot.id),label:`Copy link`,children:(0,N.jsx)(m,{name:`link`,size:`s`})}),(0,N.jsx)(w,{of:{name:`exposure`,filters:[...i.filters.map(A),i.text].filter(Boolean).join(` `),csv:async()=>(await x()).map(Q),json:x}})]})]}),(0,N.jsx)(j,{fields:W,facets:d?.facets??[],state:i}),(0,N.jsx)(v,{text:d?C(d.totalCount,`endpoint`):``}),(0,N.jsxs)(`div`,{className:e?`exs open`:`exs`,children:[(0,N.jsx)(`div`,{className:`panel fill`,"data-refreshing":c.refreshing||void 0,children:c.error?(0,N.jsx)(u,{error:c.error,onRetry:c.retry}):c.loading?(0,N.jsx)(T,{rows:12,height:42}):c.rows.length===0&&d?(0,N.jsxs)(y,{title:d.unfilteredCount>0?`No endpoint matches these filters.`:`No endpoint was read.`,action:i.filters.length>0&&(0,N.jsx)(`button`,{type:`button`,className:`btn`,onClick:()=>i.set([],``),children:`Drop all filters`}),children:[C(d.unfilteredCount,`endpoint`),` without them.`]}):(0,N.jsx)(M,{label:`Endpoints`,columns:p,rows:c.rows,rowId:e=>e.id,rowHeight:46,total:d?.totalCount??c.rows.length,selected:e,onEnd:c.more,keys:e=>[{keys:`Enter`,title:`Show the way hop by hop`,run:()=>g(e)}]})}),e&&(0,N.jsx)(R,{id:e,onClose:()=>n(`/exposure${window.location.search}`)})]})]});async function x(){return O(I,{...o,first:200},e=>e.exposed)}}function K(e,t){return(e?.find(e=>e.field===`class`)?.values??[]).reduce((e,n)=>e+(t.includes(n.value)?n.count:0),0)}function q(e,t){let n=[{key:`name`,title:`Endpoint`,cell:t=>(0,N.jsxs)(i,{className:`name rowlink`,href:e(t),title:t.id,children:[(0,N.jsx)(b,{kind:t.node.kind}),(0,N.jsxs)(`span`,{className:`nm`,children:[(0,N.jsx)(`b`,{children:E(t.node.name,34)}),(0,N.jsxs)(`em`,{children:[t.node.kindTitle,t.node.account&&`, ${p(t.node)}`]})]})]})},{key:`class`,title:`Class`,width:116,cell:e=>(0,N.jsxs)(`span`,{className:`name ${S[e.class].tone}`,children:[(0,N.jsx)(m,{name:S[e.class].icon,size:`s`}),(0,N.jsx)(`span`,{children:S[e.class].word})]})},{key:`ports`,title:`Ports`,width:136,cell:e=>(0,N.jsx)(J,{row:e,children:X(e.ranges)})}];return t?n:[...n,{key:`sources`,title:`Sources`,width:190,cell:e=>(0,N.jsx)(J,{row:e,title:e.ranges.flatMap(e=>e.sources).join(`, `),children:Z(e.ranges)})},{key:`layer`,title:`Decided by`,width:118,cell:e=>(0,N.jsx)(`span`,{className:`m2`,children:Y[e.layer]})},{key:`behind`,title:`Critical assets behind it`,width:260,cell:e=>e.behind.length>0?(0,N.jsx)(`span`,{className:`name`,children:e.behind.slice(0,2).map(e=>(0,N.jsxs)(`span`,{className:`bh`,title:e.name,children:[(0,N.jsx)(b,{kind:e.kind,size:`s`}),E(e.name,17)]},e.id))}):(0,N.jsx)(`span`,{className:`m`,children:`no path seen through it`})},{key:`paths`,title:`Families`,width:78,right:!0,cell:e=>e.onPaths>0?(0,N.jsx)(i,{className:`acc over`,href:`/paths?f=through:${encodeURIComponent(e.id)}`,children:e.onPaths}):(0,N.jsx)(`span`,{className:`m`,children:`0`})}]}function J({row:e,title:t,children:n}){return e.class===`unknown`&&e.ranges.length===0?(0,N.jsx)(`span`,{className:`m`,children:`not known`}):(0,N.jsx)(`span`,{className:`m2`,title:t,children:n})}var Y={network:`network`,lb:`load balancer`,service:`service policy`};function X(e){let t=e.map(e=>{let[t,n]=e.ports.split(`-`),r=t===n||n===void 0?t??``:t===`0`&&n===`65535`?`any`:`${t}-${n}`;return e.ports===``?e.protocol:`${r} ${e.protocol}`});return[...new Set(t)].join(`, `)||`none`}function Z(e){let t=[...new Set(e.flatMap(e=>e.sources))].map(e=>({"0.0.0.0/0":`anywhere, IPv4`,"::/0":`anywhere, IPv6`})[e]??e);return t.length<=2?t.join(`; `)||`nowhere`:`${t.slice(0,2).join(`; `)} +${t.length-2}`}function Q(e){return{id:e.id,name:e.node.name,kind:e.node.kind,account:e.node.account,class:e.class,layer:e.layer,ports:X(e.ranges),sources:[...new Set(e.ranges.flatMap(e=>e.sources))].join(` `),assumed:e.assumed.join(`; `),behind:e.behind.map(e=>e.id).join(` `),families:e.onPaths}}export{X as n,P as r,H as t};